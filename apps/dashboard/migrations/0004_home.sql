-- Up Migration
-- D-7: local copies of what others own, fed by their events, in whatever order the topics come.
create table quests (
  quest_id bigint primary key,
  user_id bigint not null,
  quest_type text,
  title text,
  difficulty text,
  due_date date,
  -- Null until an event says it; the newest fact wins, whichever arrives first.
  status text,
  status_at timestamptz not null
);
create index quests_active on quests (user_id, due_date) where status = 'active';

create table core_stats (
  user_id bigint not null,
  stat_name text not null,
  value integer not null,
  updated_at timestamptz not null,
  primary key (user_id, stat_name)
);

create table achievements (
  user_id bigint not null,
  achievement_id bigint not null,
  name text not null,
  tier text not null,
  unlocked_at timestamptz not null,
  primary key (user_id, achievement_id)
);
create index achievements_latest on achievements (user_id, unlocked_at desc);

create table achievement_progress (
  user_id bigint not null,
  achievement_id bigint not null,
  name text not null,
  current_progress bigint not null,
  required_progress bigint not null,
  percentage double precision not null,
  primary key (user_id, achievement_id)
);

create table prompts (
  user_id bigint not null,
  prompt_id bigint not null,
  prompt_text text not null,
  category text not null,
  suggested_at timestamptz not null,
  primary key (user_id, prompt_id)
);
create index prompts_latest on prompts (user_id, suggested_at desc);

import { ExperienceAwarded, LevelUp, UserProfileUpdated, UserRegistered } from '@lifeos/contracts';
import { dateOf, hour, inTime, moments, oneOf, told, whole, type Draw, type Happening } from './telling.js';

const zones = ['UTC', 'Europe/Berlin', 'America/New_York', 'Pacific/Kiritimati'];

/** Sign-up, experience that adds up, levels reached with it, a profile that changes. */
export function dashboardStory(draw: Draw, user: number): Happening[] {
  const time_zone = oneOf(draw, ...zones);
  const registered = told(0, UserRegistered, { email: `p${user}@lifeos.example`, registration_timestamp: dateOf(0), time_zone });
  const moved = oneOf(draw, [], [{ updated_fields: { time_zone: 'Asia/Tokyo' }, previous_values: { time_zone } }], [{ updated_fields: { bio: 'Runs.' }, previous_values: { bio: null } }]);
  return inTime([registered, ...moved.map((fields) => told(whole(draw, hour, 20 * 24 * hour), UserProfileUpdated, fields))], experience(draw));
}

function experience(draw: Draw): Happening[] {
  let total = 0;
  return moments(draw, whole(draw, 3, 4)).flatMap((at) => {
    const experience_points = oneOf(draw, 10, 250, 900, 2_100, 9_500);
    const [previous_level, new_level] = [Math.floor(total / 1_000) + 1, Math.floor((total + experience_points) / 1_000) + 1];
    total += experience_points;
    const awarded = told(at, ExperienceAwarded, { experience_points, source_type: oneOf(draw, 'quest', 'habit', 'skill', 'achievement'), source_id: whole(draw, 1, 9), reason: 'Done.' });
    return new_level > previous_level ? [awarded, told(at, LevelUp, { previous_level, new_level, total_experience: total })] : [awarded];
  });
}

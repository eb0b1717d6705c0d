/** D-1: a user name belongs to one person, whatever its letters' case. */
export class UserNameTaken extends Error {
  readonly code = 'username_taken';
  readonly kind = 'conflict';
  readonly retryable = false;

  constructor(userName: string) {
    super(`The user name ${userName} is taken; choose another.`);
    this.name = 'UserNameTaken';
  }
}

/** D-1: an address belongs to one person. The message does not repeat it. */
export class EmailTaken extends Error {
  readonly code = 'email_taken';
  readonly kind = 'conflict';
  readonly retryable = false;

  constructor() {
    super('This e-mail address is registered already; log in, or use another.');
    this.name = 'EmailTaken';
  }
}

export class UserNotFound extends Error {
  readonly code = 'user_not_found';
  readonly kind = 'not_found';
  readonly retryable = false;

  constructor(userId: number) {
    super(`There is no user ${userId}.`);
    this.name = 'UserNotFound';
  }
}

/** A change of the profile that names no field. */
export class NothingToChange extends Error {
  readonly code = 'nothing_to_change';
  readonly kind = 'invalid';
  readonly retryable = false;

  constructor() {
    super('The request names no field to change.');
    this.name = 'NothingToChange';
  }
}

export type Role = 'user' | 'operator';

/** Who sends a request, as the access token says. */
export interface Principal {
  readonly userId: number;
  readonly role: Role;
}

/** D-9: a user acts on his own data only; an operator on anyone's. */
export function mayActFor(principal: Principal, userId: number): boolean {
  return principal.role === 'operator' || principal.userId === userId;
}

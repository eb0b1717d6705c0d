import { type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { Reflector } from '@nestjs/core';
import { Forbidden, type Fault, Unauthenticated } from '../http/problems.js';
import { requestFaults } from '../http/request-faults.js';
import { invalidRequest } from '../http/validation.js';
import { InvalidToken, type TokenVerifier } from './access-tokens.js';
import { access, type Access, type AuthenticatedRequest } from './decorators.js';
import { mayActFor, type Principal } from './principal.js';

interface Request extends AuthenticatedRequest {
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly params?: unknown;
  readonly query?: unknown;
  readonly body?: unknown;
}

/**
 * D-9, closed by default: a route without a decorator needs a token, and a `user_id` in its path,
 * query or body must be the caller's own unless he is an operator. Routes that name another thing
 * by its id check the owner themselves with `mayActFor`.
 */
export class AuthGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly tokens: TokenVerifier,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const needed = this.reflector.getAllAndOverride<Access | undefined>(access, [context.getHandler(), context.getClass()]);
    if (needed === 'public') return true;
    const request = context.switchToHttp().getRequest<Request>();
    const principal = await this.authenticate(request);
    if (needed === 'operator' && principal.role !== 'operator') throw new Forbidden('Only an operator may do this.');
    const users = namedUsers(request).map(userIdOf);
    if (users.includes(null)) throw invalidRequest(withUserFault(requestFaults(context.getClass(), context.getHandler().name, request)));
    for (const userId of users) if (!mayActFor(principal, Number(userId))) throw new Forbidden(`The data of user ${userId} belong to another user.`);
    request.principal = principal;
    return true;
  }

  private async authenticate(request: Request): Promise<Principal> {
    const header = request.headers['authorization'];
    const token = typeof header === 'string' ? /^Bearer +(\S+)$/i.exec(header)?.[1] : undefined;
    if (!token) throw new Unauthenticated('This needs an access token: authorization: Bearer <token>.');
    try {
      return await this.tokens.verify(token);
    } catch (error) {
      if (error instanceof InvalidToken) throw new Unauthenticated(error.message);
      throw error;
    }
  }
}

function namedUsers({ params, query, body }: Request): unknown[] {
  return [params, query, body].flatMap((part) =>
    typeof part === 'object' && part !== null && 'user_id' in part ? [part.user_id] : [],
  );
}

/** Null for what is no user id at all, which must not slip past the comparison: the route's own validation comes later. */
function userIdOf(given: unknown): number | null {
  const text = typeof given === 'number' || typeof given === 'string' ? String(given) : '';
  return /^[1-9]\d*$/.test(text) && Number.isSafeInteger(Number(text)) ? Number(text) : null;
}

function withUserFault(faults: readonly Fault[]): readonly Fault[] {
  if (faults.some(({ field }) => field === 'user_id')) return faults;
  return [{ field: 'user_id', message: 'is not a whole number above 0' }, ...faults];
}

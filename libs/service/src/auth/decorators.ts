import { createParamDecorator, SetMetadata, type ExecutionContext } from '@nestjs/common';
import type { Principal } from './principal.js';

export const access = 'lifeos:access';
export type Access = 'public' | 'operator';

/** A route that needs no token. */
export const Public = (): MethodDecorator & ClassDecorator => SetMetadata(access, 'public' satisfies Access);

/** A route for operators alone: 403 for users. */
export const OperatorOnly = (): MethodDecorator & ClassDecorator => SetMetadata(access, 'operator' satisfies Access);

/** A request that the guard has let pass. */
export interface AuthenticatedRequest {
  principal?: Principal;
}

/** The caller of a route that is not public. */
export const Caller = createParamDecorator((_data: unknown, context: ExecutionContext): Principal => {
  const { principal } = context.switchToHttp().getRequest<AuthenticatedRequest>();
  if (!principal) throw new Error('@Caller() stands on a public route, which has no caller.');
  return principal;
});

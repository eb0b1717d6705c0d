import type { Type } from '@nestjs/common';
import { ROUTE_ARGS_METADATA } from '@nestjs/common/constants.js';
import { RouteParamtypes } from '@nestjs/common/enums/route-paramtypes.enum.js';
import { faultsIn, schemaOf } from './validation.js';
import type { Fault } from './problems.js';

export interface RequestParts {
  readonly params?: unknown;
  readonly query?: unknown;
  readonly body?: unknown;
}

const places = { params: RouteParamtypes.PARAM, query: RouteParamtypes.QUERY, body: RouteParamtypes.BODY } as const;

/** What the pipes of a route will find wrong with a request, asked before they run. */
export function requestFaults(controller: Type, handler: string, request: RequestParts): Fault[] {
  const args: Record<string, { pipes?: readonly unknown[] }> = Reflect.getMetadata(ROUTE_ARGS_METADATA, controller, handler) ?? {};
  return Object.entries(places).flatMap(([part, place]) =>
    Object.entries(args)
      .filter(([key]) => Number(key.split(':')[0]) === Number(place))
      .flatMap(([, { pipes = [] }]) => pipes.map(schemaOf))
      .flatMap((schema) => (schema === null ? [] : faultsIn(schema, request[part as keyof RequestParts]))),
  );
}

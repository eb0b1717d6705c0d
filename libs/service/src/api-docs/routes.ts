import 'reflect-metadata';
import { RequestMethod, type Type } from '@nestjs/common';
import { HEADERS_METADATA, HTTP_CODE_METADATA, METHOD_METADATA, MODULE_METADATA, PATH_METADATA, ROUTE_ARGS_METADATA } from '@nestjs/common/constants.js';
import { RouteParamtypes } from '@nestjs/common/enums/route-paramtypes.enum.js';
import type { z } from 'zod';
import { access, type Access } from '../auth/decorators.js';
import { alsoAnswers } from './also-answers.js';
import { schemaOf } from '../http/validation.js';

export type RouteMethod = 'get' | 'post' | 'put' | 'patch' | 'delete';

/** A route as its decorators and its pipes say. */
export interface Route {
  readonly method: RouteMethod;
  /** Below the prefix, with `:name` for parameters. */
  readonly path: string;
  /** `Skill`, `practice`. */
  readonly controller: string;
  readonly handler: string;
  readonly access: Access | 'user';
  /** Of an answer when all went well. */
  readonly status: number;
  /** Of that answer, without parameters; JSON unless a `@Header` says otherwise. */
  readonly contentType: string;
  readonly params: z.ZodType | null;
  readonly query: z.ZodType | null;
  /** Refusals beside those that follow from the rest. */
  readonly alsoAnswers: readonly number[];
  /** 'stream': read by the handler itself, no JSON. */
  readonly body: z.ZodType | 'stream' | null;
}

/** Every HTTP route of a module and of those it imports, in order of declaration. */
export function routesOf(module: Type): Route[] {
  const imported: unknown = Reflect.getMetadata(MODULE_METADATA.IMPORTS, module) ?? [];
  const below = (Array.isArray(imported) ? imported : []).filter((one): one is Type => typeof one === 'function').flatMap(routesOf);
  const controllers: readonly Type[] = Reflect.getMetadata(MODULE_METADATA.CONTROLLERS, module) ?? [];
  return [...below, ...controllers.flatMap(routesOfController)];
}

export function routesOfController(controller: Type): Route[] {
  const prototype: object = controller.prototype;
  return Object.getOwnPropertyNames(prototype).flatMap((name) => {
    const method: unknown = Object.getOwnPropertyDescriptor(prototype, name)?.value;
    const verb = typeof method === 'function' ? verbOf(method) : null;
    return verb !== null && typeof method === 'function' ? [routeOf(controller, { name, method, verb })] : [];
  });
}

const verbs: Readonly<Partial<Record<RequestMethod, RouteMethod>>> = {
  [RequestMethod.GET]: 'get',
  [RequestMethod.POST]: 'post',
  [RequestMethod.PUT]: 'put',
  [RequestMethod.PATCH]: 'patch',
  [RequestMethod.DELETE]: 'delete',
};

/** Null for a method that answers no request: a helper, a handler of events. */
function verbOf(method: object): RouteMethod | null {
  const verb: RequestMethod | undefined = Reflect.getMetadata(METHOD_METADATA, method);
  return verb === undefined ? null : (verbs[verb] ?? null);
}

interface Handler {
  readonly name: string;
  readonly method: object;
  readonly verb: RouteMethod;
}

function routeOf(controller: Type, { name, method, verb }: Handler): Route {
  const paths = [Reflect.getMetadata(PATH_METADATA, controller), Reflect.getMetadata(PATH_METADATA, method)];
  const inputs = inputsOf(controller, name);
  return {
    method: verb,
    path: `/${paths.flatMap((path: unknown) => String(path ?? '').split('/')).filter((part) => part !== '').join('/')}`,
    controller: controller.name.replace(/Controller$/, ''),
    handler: name,
    access: Reflect.getMetadata(access, method) ?? Reflect.getMetadata(access, controller) ?? 'user',
    status: Reflect.getMetadata(HTTP_CODE_METADATA, method) ?? (verb === 'post' ? 201 : 200),
    contentType: contentTypeOf(method),
    alsoAnswers: Reflect.getMetadata(alsoAnswers, method) ?? [],
    params: inputs.get(RouteParamtypes.PARAM)?.schema ?? null,
    query: inputs.get(RouteParamtypes.QUERY)?.schema ?? null,
    body: bodyOf(inputs.get(RouteParamtypes.BODY)),
  };
}

function contentTypeOf(method: object): string {
  const headers: readonly { readonly name: string; readonly value: string }[] = Reflect.getMetadata(HEADERS_METADATA, method) ?? [];
  return headers.find(({ name }) => name.toLowerCase() === 'content-type')?.value.split(';')[0] ?? 'application/json';
}

interface Input {
  readonly schema: z.ZodType | null;
}

function bodyOf(body: Input | undefined): Route['body'] {
  return body === undefined ? null : (body.schema ?? 'stream');
}

/** What a handler takes, by place in the request, with the schema of its `valid(...)` pipe. */
function inputsOf(controller: Type, handler: string): Map<number, Input> {
  const args: Record<string, { pipes?: readonly unknown[] }> = Reflect.getMetadata(ROUTE_ARGS_METADATA, controller, handler) ?? {};
  return new Map(
    Object.entries(args)
      .filter(([key]) => /^\d+:/.test(key))
      .map(([key, { pipes = [] }]) => [Number(key.split(':')[0]), { schema: pipes.map(schemaOf).find((schema) => schema !== null) ?? null }]),
  );
}

import { bodyId } from '@lifeos/service';
import { z } from 'zod';
import { integrationTypes, knownServices, serviceNames } from './catalog.js';
import { frequencies } from './sync-plan.js';

const longestCredentials = 20_000;

const credentials = z
  .record(z.string(), z.unknown(), 'is no object')
  .refine((value) => JSON.stringify(value).length <= longestCredentials, `is longer than ${longestCredentials} characters`);

const serviceName = z
  .string('is not a text')
  .trim()
  .toLowerCase()
  .refine((name) => serviceNames.includes(name), `is none of ${serviceNames.join(', ')}`)
  .meta({ enum: serviceNames });

/** Body of POST /integrations (R-5, I-1, I-3). */
export const newIntegrationBody = z
  .strictObject({
    user_id: bodyId,
    service_name: serviceName,
    integration_type: z.enum(integrationTypes, `is none of ${integrationTypes.join(', ')}`),
    credentials,
    sync_frequency: z.enum(frequencies, `is none of ${frequencies.join(', ')}`).default('daily'),
  })
  .superRefine(({ service_name, integration_type }, context) => {
    const fitting = knownServices[service_name];
    if (fitting && !fitting.includes(integration_type)) {
      context.addIssue({ code: 'custom', path: ['integration_type'], message: `does not fit ${service_name}, which is ${fitting.join(' or ')}` });
    }
  });

/** Body of PUT /integrations/{integration_id}/credentials. */
export const credentialsBody = z.strictObject({ credentials });

export type NewIntegrationWish = z.infer<typeof newIntegrationBody>;

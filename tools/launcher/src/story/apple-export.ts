/** Minutes of a workout, and the day (YYYY-MM-DD) on whose morning it began. */
export interface Workout {
  readonly date: string;
  readonly minutes: number;
}

/** An export.xml as Apple Health makes it, with a workout a line. */
export function appleExport(workouts: readonly Workout[]): string {
  const lines = workouts.map(
    ({ date, minutes }) => ` <Workout workoutActivityType="HKWorkoutActivityTypeRunning" duration="${minutes}" durationUnit="min" startDate="${date} 07:00:00 +0000"/>`,
  );
  return ['<?xml version="1.0" encoding="UTF-8"?>', '<HealthData locale="en_GB">', ...lines, '</HealthData>', ''].join('\n');
}

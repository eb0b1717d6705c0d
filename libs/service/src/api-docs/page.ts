/** The page at /api/docs: reads the document beside it and needs nothing from elsewhere. */
export const docsPage = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>API</title>
<style>
  body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 60rem; padding: 0 1rem; color: #222; background: #fff; }
  h2 { margin-top: 2rem; text-transform: capitalize; }
  details { border: 1px solid #ccc; border-radius: 6px; margin: .4rem 0; padding: .4rem .8rem; }
  summary { cursor: pointer; }
  code, pre { font: 13px/1.5 ui-monospace, monospace; }
  pre { background: #f4f4f4; overflow-x: auto; padding: .6rem; }
  .method { display: inline-block; font-weight: 700; min-width: 4.5rem; text-transform: uppercase; }
  .access { background: #eee; border-radius: 4px; float: right; padding: 0 .5rem; }
  .operator { background: #fde2c4; }
  td { padding: .1rem .8rem .1rem 0; vertical-align: top; }
  @media (prefers-color-scheme: dark) { body { background: #1b1b1b; color: #ddd; } pre, .access { background: #2b2b2b; } .operator { background: #5a3a12; } details { border-color: #444; } }
</style>
<h1 id="title">API</h1>
<p id="about"></p>
<p><a href="docs-json">OpenAPI 3.1 document (JSON)</a></p>
<main id="operations">Loading…</main>
<script>
  const element = (tag, text, className) => { const made = document.createElement(tag); if (text !== undefined) made.textContent = text; if (className) made.className = className; return made; };
  const table = (rows) => { const made = element('table'); for (const cells of rows) { const row = made.insertRow(); for (const cell of cells) row.insertCell().append(cell); } return made; };
  const block = (title, content) => { const made = element('div'); made.append(element('h4', title), content); return made; };
  const operation = (path, method, { summary, parameters, requestBody, responses, 'x-access': access }) => {
    const made = element('details'), head = element('summary');
    head.append(element('span', method, 'method'), element('code', path), element('span', access, 'access ' + access));
    made.append(head, element('p', summary));
    if (parameters.length) made.append(block('Parameters', table(parameters.map((one) => [element('code', one.name), one.in + (one.required ? ', required' : ''), element('code', JSON.stringify(one.schema))]))));
    for (const [type, { schema }] of Object.entries(requestBody?.content ?? {})) made.append(block('Body, ' + type, element('pre', JSON.stringify(schema, null, 2))));
    for (const [status, { content }] of Object.entries(responses)) if (status < '300') for (const [type, { schema }] of Object.entries(content ?? {})) made.append(block('Answer ' + status + ', ' + type, element('pre', JSON.stringify(schema, null, 2))));
    made.append(block('Answers', table(Object.entries(responses).map(([status, { description }]) => [element('code', status), description]))));
    return made;
  };
  const part = ([name, schema]) => {
    const made = element('details');
    made.append(element('summary', name), element('pre', JSON.stringify(schema, null, 2)));
    return made;
  };
  fetch('docs-json').then((answer) => answer.json()).then(({ info, paths, components }) => {
    document.title = document.getElementById('title').textContent = info.title;
    document.getElementById('about').textContent = info.description;
    const main = document.getElementById('operations'), groups = new Map();
    for (const [path, methods] of Object.entries(paths)) for (const [method, found] of Object.entries(methods)) {
      const group = found.tags[0];
      if (!groups.has(group)) { groups.set(group, element('section')); groups.get(group).append(element('h2', group)); }
      groups.get(group).append(operation(path, method, found));
    }
    const parts = element('section');
    parts.append(element('h2', 'schemas'), ...Object.entries(components.schemas).map(part));
    main.replaceChildren(...groups.values(), parts);
  }).catch((error) => { document.getElementById('operations').textContent = 'The document could not be read: ' + error; });
</script>
</html>
`;

const el = (tag, text) => { const e = document.createElement(tag); if (text) e.textContent = text; return e }
const list = document.getElementById('list'), find = document.getElementById('find')
const base = location.pathname.replace(/\/(apidocs|docs)(\/.*)?$/, '')
let components = {}
async function send (verb, path, values, body, out) {
  const query = new URLSearchParams()
  for (const [p, input] of values) {
    if (p.in === 'path') path = path.replace('{' + p.name + '}', encodeURIComponent(input.value))
    else if (input.value) query.set(p.name, input.value)
  }
  const token = document.getElementById('token').value, headers = token ? { Authorization: 'Bearer ' + token } : {}
  let sent = body && body.value ? body.value : undefined
  if (body && body.type === 'file') { sent = undefined; if (body.files.length) { sent = new FormData(); sent.append('file', body.files[0]) } }
  else if (sent) headers['Content-Type'] = 'application/json'
  const answer = await fetch(base + path + (query.size ? '?' + query : ''), { method: verb, headers, body: sent })
  out.textContent = answer.status + '\n' + (await answer.text()).slice(0, 20000)
}
// A schema in a few words: [ ] is an array, { } an object, `?` after a value: it may be null, after a key: it may be left out.
function outline (schema, pad = '', within = []) {
  if (!schema) return 'anything'
  if (schema.$ref) {
    const name = schema.$ref.split('/').pop()
    return within.includes(name) || within.length > 2 ? name : name + ' ' + outline(components[name], pad, [...within, name])
  }
  const null_ = schema.nullable ? '?' : '', some = schema.anyOf || schema.oneOf
  if (some) return some.map(s => outline(s, pad, within)).join('\n' + pad + 'or ') + null_
  if (schema.allOf) return schema.allOf.map(s => outline(s, pad, within)).join(' and ') + null_
  if (schema.type === 'array') return '[' + outline(schema.items, pad, within) + ']' + null_
  if (schema.type === 'object' || schema.properties) {
    const must = schema.required || [], more = schema.additionalProperties
    const lines = Object.entries(schema.properties || {}).map(([k, s]) => pad + '  ' + k + (must.length && !must.includes(k) ? '?' : '') + ': ' + outline(s, pad + '  ', within))
    if (more && typeof more === 'object') lines.push(pad + '  …: ' + outline(more, pad + '  ', within))
    return (lines.length ? '{\n' + lines.join('\n') + '\n' + pad + '}' : '{…}') + null_
  }
  if (schema.enum) return schema.enum.map(v => JSON.stringify(v)).join(' or ')
  return schema.type ? (schema.format || schema.type) + null_ : 'anything'
}
function shown (content) { return Object.entries(content || {}).map(([kind, c]) => (kind === 'application/json' ? '' : kind + ' ') + outline(c.schema)).join('\nor ') }
function open (d, verb, path, op) {
  const out = el('pre'), go = el('button', 'Send'), values = []
  d.append(el('p', op.description))
  for (const p of op.parameters || []) {
    const i = el('input'), l = el('p'), type = (p.schema || {}).format || (p.schema || {}).type || ''
    l.append(el('code', p.name + ' '), i, el('span', ' ' + type + (p.required ? ', required' : '') + (p.description ? '. ' + p.description : ''))); d.append(l); values.push([p, i])
  }
  let body = null
  if (op.requestBody) {
    body = op.requestBody.content['multipart/form-data'] ? el('input') : el('textarea'); if (body.tagName === 'INPUT') body.type = 'file'; else body.rows = 5
    d.append(el('p', 'Body:'), el('pre', shown(op.requestBody.content)), body)
  }
  for (const [status, answer] of Object.entries(op.responses)) if (status < 300) d.append(el('p', 'Answer ' + status + ':'), el('pre', shown(answer.content) || 'nothing'))
  go.onclick = () => send(verb.toUpperCase(), path, values, body, out); d.append(go, out)
}
fetch(base + '/openapi-raw.json').then(r => r.json()).then(doc => {
  components = doc.components.schemas
  for (const [path, verbs] of Object.entries(doc.paths)) for (const [verb, op] of Object.entries(verbs)) {
    const d = el('details'), s = el('summary')
    s.append(el('b', verb.toUpperCase()), el('code', path), el('span', '  ' + op.summary)); d.append(s)
    d.ontoggle = () => { if (d.open && d.children.length === 1) open(d, verb, path, op) }
    d.dataset.text = (verb + ' ' + path + ' ' + op.summary).toLowerCase(); list.append(d)
  }
})
find.oninput = () => { for (const d of list.children) d.hidden = !d.dataset.text.includes(find.value.toLowerCase()) }

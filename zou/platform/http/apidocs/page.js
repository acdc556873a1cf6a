const el = (tag, text) => { const e = document.createElement(tag); if (text) e.textContent = text; return e }
const list = document.getElementById('list'), find = document.getElementById('find')
async function send (verb, path, values, body, out) {
  const query = new URLSearchParams()
  for (const [p, input] of values) {
    if (p.in === 'path') path = path.replace('{' + p.name + '}', encodeURIComponent(input.value))
    else if (input.value) query.set(p.name, input.value)
  }
  const token = document.getElementById('token').value, headers = token ? { Authorization: 'Bearer ' + token } : {}
  if (body && body.value) headers['Content-Type'] = 'application/json'
  const base = location.pathname.replace(/\/(apidocs|docs)(\/.*)?$/, '')
  const answer = await fetch(base + path + (query.size ? '?' + query : ''), { method: verb, headers, body: body && body.value ? body.value : undefined })
  out.textContent = answer.status + '\n' + (await answer.text()).slice(0, 20000)
}
fetch(location.pathname.replace(/\/(apidocs|docs)(\/.*)?$/, '') + '/openapi.json').then(r => r.json()).then(doc => {
  for (const [path, verbs] of Object.entries(doc.paths)) for (const [verb, op] of Object.entries(verbs)) {
    const d = el('details'), s = el('summary'), out = el('pre'), go = el('button', 'Send'), values = []
    s.append(el('b', verb.toUpperCase()), el('code', path), el('span', '  ' + op.summary)); d.append(s, el('p', op.description))
    for (const p of op.parameters || []) { const i = el('input'), l = el('p', p.name + ' '); l.append(i); d.append(l); values.push([p, i]) }
    let body = null; if (op.requestBody) { body = el('textarea'); body.rows = 5; d.append(body) }
    go.onclick = () => send(verb.toUpperCase(), path, values, body, out); d.append(go, out)
    d.dataset.text = (verb + ' ' + path + ' ' + op.summary).toLowerCase(); list.append(d)
  }
})
find.oninput = () => { for (const d of list.children) d.hidden = !d.dataset.text.includes(find.value.toLowerCase()) }

import { viewAsHeader } from './view-as.ts'

/** Where the page asks whom it can act as: below the API. */
export function viewAsPath(graphqlPath: string): string {
  return `${graphqlPath.replace(/\/$/, '')}/view-as`
}

/** Adds the bar with the menu "Signed in as" to the page of GraphiQL. Throws where the page is not as it was. */
export function addMenu(html: string, graphqlPath: string): string {
  const parts = html.split(root)
  const [head, rest] = parts
  if (parts.length !== 2 || head === undefined || rest === undefined || !head.includes('</head>')) {
    throw new Error('The page of GraphiQL is not as expected: its root element is not found once.')
  }
  const settings = JSON.stringify({ graphqlPath, listPath: viewAsPath(graphqlPath), viewAsHeader })
  return [
    head.replace('</head>', () => `<style>${style}</style></head>`),
    bar,
    `<script>(${script})(${settings.replaceAll('<', '\\u003c')})</script>`,
    root,
    rest,
  ].join('')
}

const root = '<div id="root"></div>'

const bar = `<div id="view-as" hidden>
  <label for="view-as-menu">Signed in as</label>
  <select id="view-as-menu"></select>
  <span>development only</span>
</div>`

// The colours are GraphiQL's own, whose dark ones hold unless the light theme is chosen or preferred.
const style = `
#view-as {
  --base: 219, 29%, 18%; --neutral: 219, 29%, 78%; --primary: 338, 100%, 67%;
  align-items: center; background: hsl(var(--base)); border-bottom: 1px solid hsla(var(--neutral), .15);
  box-sizing: border-box; color: hsla(var(--neutral), .76); color-scheme: dark; display: flex;
  font: 14px/1 Roboto, system-ui, sans-serif; gap: 10px; height: 44px; padding: 0 16px;
}
body.graphiql-light #view-as {
  --base: 219, 28%, 100%; --neutral: 219, 28%, 32%; --primary: 320, 95%, 43%; color-scheme: light;
}
@media (prefers-color-scheme: light) {
  body:not(.graphiql-dark) #view-as {
    --base: 219, 28%, 100%; --neutral: 219, 28%, 32%; --primary: 320, 95%, 43%; color-scheme: light;
  }
}
#view-as[hidden] { display: none; }
#view-as select {
  background: hsla(var(--neutral), .07); border: 1px solid hsla(var(--neutral), .15); border-radius: 6px;
  color: hsl(var(--neutral)); cursor: pointer; font: inherit; max-width: 26em; min-width: 14em; padding: 6px 8px;
}
#view-as select:focus-visible { outline: 2px solid hsl(var(--primary)); outline-offset: 1px; }
#view-as option, #view-as optgroup { background: hsl(var(--base)); color: hsl(var(--neutral)); }
#view-as span { font-size: 12px; margin-left: auto; opacity: .7; }
body:has(#view-as:not([hidden])) .graphiql-container { height: calc(100vh - 44px); }
`

/*
 * Runs in the page, before GraphiQL. The choice is kept by its key, since tokens are of one process of the server: where
 * it has started again, they are asked for anew. Credentials that are typed into GraphiQL's headers come first.
 */
const script = `function (settings) {
  'use strict'
  const storageKey = 'refract:view-as'
  const nobody = 'nobody'
  const plainFetch = window.fetch.bind(window)
  let entries = []
  let chosen = localStorage.getItem(storageKey)

  async function load() {
    const response = await plainFetch(settings.listPath, { headers: { Accept: 'application/json' } })
    entries = response.ok ? (await response.json()).viewers : []
    const isKnown = chosen === nobody || entries.some(entry => entry.key === chosen)
    if (!isKnown) chosen = entries.length > 0 ? entries[0].key : nobody
    show()
  }

  function option(key, label) {
    const element = document.createElement('option')
    element.value = key
    element.textContent = label
    element.selected = key === chosen
    return element
  }

  function show() {
    const menu = document.getElementById('view-as-menu')
    const users = document.createElement('optgroup')
    users.label = 'Users'
    const others = document.createElement('optgroup')
    others.label = 'Others'
    for (const entry of entries) {
      (entry.key.startsWith('user:') ? users : others).append(option(entry.key, entry.label))
    }
    others.append(option(nobody, 'nobody, or who has signed in here'))
    menu.replaceChildren(...(users.children.length > 0 ? [users, others] : others.children))
    menu.onchange = () => {
      localStorage.setItem(storageKey, menu.value)
      location.reload()
    }
    document.getElementById('view-as').hidden = entries.length === 0
  }

  function send(input, init, headers) {
    const entry = entries.find(({ key }) => key === chosen)
    if (entry) headers.set(settings.viewAsHeader, entry.token)
    else headers.delete(settings.viewAsHeader)
    return plainFetch(input, Object.assign({}, init, { headers }))
  }

  // Before 6, GraphiQL opens an empty tab at a reload where nothing has been edited yet (graphql/graphiql#4476).
  function keepTab() {
    const stored = localStorage.getItem('graphiql:tabState')
    if (stored === null || localStorage.getItem('graphiql:query') !== null) return
    const { tabs, activeTabIndex } = JSON.parse(stored)
    const { query } = tabs[activeTabIndex] ?? {}
    if (typeof query === 'string') localStorage.setItem('graphiql:query', query)
  }

  keepTab()
  let ready = load()
  window.fetch = async (input, init) => {
    const url = new URL(input instanceof Request ? input.url : input, location.href)
    if (url.origin !== location.origin || url.pathname !== settings.graphqlPath) return plainFetch(input, init)
    const headers = new Headers((init && init.headers) || (input instanceof Request ? input.headers : {}))
    const isSigned = ['authorization', 'x-api-key', 'x-refract-admin-secret'].some(name => headers.has(name))
    if (isSigned) return plainFetch(input, init)
    await ready
    const response = await send(input, init, headers)
    if (response.status !== 401 || !headers.has(settings.viewAsHeader)) return response
    ready = load()
    await ready
    return send(input, init, headers)
  }
}`

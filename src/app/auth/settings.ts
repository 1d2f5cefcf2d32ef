/** What the example's sign-in is told, mostly by the environment, beside the settings that every project has. */
export interface SignInSettings {
  readonly google: OAuthClient | undefined
  readonly github: OAuthClient | undefined
  /** Where messages for people are posted to. */
  readonly mailWebhook: URL | undefined
  /** How passwords are hashed and compared; as better-auth does it, by scrypt, where this is left out. */
  readonly passwords?: Passwords
}

/** better-auth's setting of the same name. */
export interface Passwords {
  hash(password: string): Promise<string>
  verify(given: { readonly hash: string; readonly password: string }): Promise<boolean>
}

/** What a provider of social sign-in knows this application by. */
export interface OAuthClient {
  readonly clientId: string
  readonly clientSecret: string
}

type Environment = Readonly<Record<string, string | undefined>>

/** Throws an Error that says what was expected, where half of a pair or something that is no address came. */
export function readSignInSettings(environment: Environment): SignInSettings {
  return {
    google: readClient(environment, 'GOOGLE'),
    github: readClient(environment, 'GITHUB'),
    mailWebhook: readAddress(environment, 'MAIL_WEBHOOK_URL'),
  }
}

function readClient(environment: Environment, name: string): OAuthClient | undefined {
  const [idName, secretName] = [`${name}_CLIENT_ID`, `${name}_CLIENT_SECRET`]
  const [clientId, clientSecret] = [environment[idName] || undefined, environment[secretName] || undefined]
  if (clientId && clientSecret) return { clientId, clientSecret }
  if (clientId || clientSecret) {
    throw new Error(`Expected both ${idName} and ${secretName}, or neither; only one is set.`)
  }
  return undefined
}

function readAddress(environment: Environment, name: string): URL | undefined {
  const text = environment[name]
  if (!text) return undefined
  if (URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)) return new URL(text)
  throw new Error(`Expected ${name} to be an address such as https://mail.example.com/send.`)
}

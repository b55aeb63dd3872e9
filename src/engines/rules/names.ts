/** Proper names, and the words that tell what kind of thing a proper name stands for. Lower case unless it says otherwise. */
const words = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/))
const names = (text: string): ReadonlySet<string> => new Set(text.split('|').map((name) => name.trim()))

/** Organizations that need no introduction, as written. */
export const KNOWN_BODIES = names(
  `Google|Microsoft|Amazon|AWS|Apple|Facebook|Netflix|IBM|Red Hat|VMware|Intel|AMD|Nvidia|NVIDIA|Oracle|SAP|Cisco|
  Siemens|Bosch|Huawei|Alibaba|Tencent|Samsung|Salesforce|Adobe|Twitter|GitHub|GitLab|Slack|Shopify|Stripe|PayPal|
  Bloomberg|Cloudflare|DigitalOcean|Mozilla|Docker|Canonical|SUSE|CNCF|W3C|IETF|ISO|NIST|NATO|WHO|OECD|
  OpenAI|Anthropic|DeepMind|Uber|Airbnb|LinkedIn|NodeSource|HeroDevs|Consensys|ConsenSys|EF|Linux Foundation|LF|Deloitte|
  Accenture|PwC|KPMG|McKinsey|Sigma Prime|ChainSafe|Offchain Labs|OpenZeppelin|TSC|CPC|CoCC|Meta|Tesla|SpaceX|NASA|ESA|
  UNESCO|UNICEF|United Nations|European Union|European Commission|World Bank|Sony|Nintendo|Sega|Toyota|Honda|Volkswagen|
  General Motors|General Electric|Ford|Boeing|Airbus|Walmart|Disney|Pixar|Warner Bros|Paramount|Universal Music|BBC|CNN|
  Goldman Sachs|Morgan Stanley|JPMorgan|Credit Suisse|Deutsche Bank|Lehman Brothers|Merrill Lynch|Reuters|
  Instagram|WhatsApp|YouTube|Spotify|Dropbox|Atlassian|HubSpot|Zendesk|Twilio|Snowflake|Databricks|MongoDB|Elastic|
  HashiCorp|Dell|HP|Hewlett Packard|Lenovo|Nokia|Ericsson|Motorola|Qualcomm|Broadcom|Philips|Siemens Energy|Nestle|Unilever|Acme|
  Palantir|Reddit|Figma|Pinterest|Alphabet|Yahoo|eBay|Wikipedia|Wikimedia Foundation`,
)

/** Places that need no introduction, as written. */
export const KNOWN_PLACES = names(
  `Amsterdam|Athens|Austin|Austria|Australia|Bangkok|Barcelona|Beijing|Belgium|Berlin|Boston|Brazil|Brussels|Bulgaria|
  California|Canada|Chicago|Chile|China|Copenhagen|Croatia|Denmark|Denver|Detroit|Dubai|Dublin|Egypt|Estonia|Europe|Finland|
  France|Frankfurt|Geneva|Germany|Greece|Hamburg|Helsinki|Hong Kong|Hungary|India|Ireland|Israel|Istanbul|Italy|Japan|Kenya|
  Lisbon|London|Los Angeles|Madrid|Mexico|Milan|Montreal|Mumbai|Munich|Netherlands|New York|New Zealand|Nigeria|Norway|Oslo|
  Paris|Poland|Portugal|Prague|Rome|San Francisco|Seattle|Seoul|Shanghai|Singapore|South Africa|South Korea|Spain|Stockholm|
  Sweden|Switzerland|Sydney|Taipei|Taiwan|Tokyo|Toronto|Turkey|Ukraine|United Kingdom|United States|Valencia|Vancouver|
  Vienna|Vietnam|Warsaw|Washington|Zurich|Afghanistan|Africa|Alabama|Alaska|Albania|Alberta|Algeria|Antarctica|Argentina|
  Arizona|Arkansas|Armenia|Asia|Azerbaijan|Bangladesh|Bavaria|Belarus|Birmingham|Bolivia|Bosnia|Britain|British Columbia|
  Bucharest|Budapest|Buenos Aires|Cairo|Calgary|Cambodia|Catalonia|Colombia|Colorado|Connecticut|Cuba|Cyprus|Czech Republic|
  Delaware|Edinburgh|England|Ethiopia|Florida|Ghana|Glasgow|Guatemala|Hawaii|Houston|Iceland|Idaho|Illinois|Indiana|
  Indonesia|Iowa|Iran|Iraq|Jakarta|Jamaica|Jerusalem|Kansas|Kazakhstan|Kentucky|Kiev|Kyiv|Kuwait|Latvia|Lebanon|Libya|
  Lithuania|Liverpool|Louisiana|Luxembourg|Lyon|Maine|Malaysia|Malta|Manchester|Manila|Manitoba|Maryland|Massachusetts|
  Melbourne|Miami|Michigan|Minnesota|Mississippi|Missouri|Moldova|Mongolia|Montana|Montenegro|Morocco|Moscow|Myanmar|
  Nebraska|Nepal|Nevada|New Delhi|New Hampshire|New Jersey|New Mexico|New South Wales|New York City|Newfoundland|
  North America|North Carolina|North Dakota|North Korea|Northern Ireland|Nova Scotia|Ohio|Oklahoma|Ontario|Oregon|Ottawa|
  Pakistan|Palestine|Panama|Pennsylvania|Peru|Philadelphia|Philippines|Qatar|Quebec|Queensland|Rhode Island|Romania|Russia|
  Rwanda|Salt Lake City|Saskatchewan|Saudi Arabia|Scotland|Senegal|Serbia|Siberia|Sicily|Slovakia|Slovenia|Somalia|
  South America|South Carolina|South Dakota|Soviet Union|Sri Lanka|Sudan|Syria|Tanzania|Tehran|Tennessee|Texas|Thailand|
  Tunisia|UK|USA|US|Uganda|United Arab Emirates|Uruguay|Utah|Uzbekistan|Venezuela|Vermont|Virginia|Wales|
  Angola|Bahrain|Barbados|Belize|Benin|Bhutan|Botswana|Burkina Faso|Burundi|Cameroon|Chad|Congo|Costa Rica|Dominican Republic|
  Ecuador|El Salvador|Eritrea|Fiji|Gabon|Gambia|Georgia|Grenada|Guinea|Guyana|Haiti|Honduras|Ivory Coast|Jordan|Kosovo|
  Kyrgyzstan|Laos|Lesotho|Liberia|Liechtenstein|Macedonia|Madagascar|Malawi|Maldives|Mali|Mauritania|Mauritius|Monaco|
  Mozambique|Namibia|Nicaragua|Niger|North Macedonia|Oman|Papua New Guinea|Paraguay|Puerto Rico|Samoa|San Marino|
  Sierra Leone|Suriname|Tajikistan|Togo|Tonga|Turkmenistan|Vanuatu|Zanzibar|Tasmania|Victoria|Brittany|Normandy|
  West Virginia|Wisconsin|Wyoming|Yemen|Yugoslavia|Zagreb|Zambia|Zimbabwe`,
)

/** Last words of names of companies and other bodies that would be too common in minutes to stand in BODY_HEADS. */
export const COMPANY_HEADS = words(`
  software media studios entertainment pharmaceuticals therapeutics pharma energy capital insurance networks robotics
  analytics enterprises brands logistics airlines airways railways motors electronics semiconductors records press news
  publishing publishers pictures productions hospital museum academy orchestra church party army navy police parliament
  senate congress court league club fund ag bancorp co co. corp. gmbh sa s.a. llp brewery newspaper studio steel
  telecom communications aerospace automotive foods chemicals petroleum mining retail hotels group
`)
export const LEGAL_FORM = /\b(?:Inc|Ltd|LLC|Corp|Corporation|GmbH|AG|plc|Company|Limited)\b/u
/** A company with its legal form, by which its bare name is known afterwards. */
export const COMPANY_SUFFIX =
  /(?<![\p{L}\p{N}])(\p{Lu}[\p{L}\d&-]+(?: \p{Lu}[\p{L}\d&-]+){0,2}),? (Inc|Ltd|LLC|Corp|Corporation|GmbH|AG|plc|Company|Limited)\b/gu
/** What may follow a company's name behind a comma or with a full stop of its own. */
export const LEGAL_TAIL = /^(?:,? (?:Inc|Ltd|LLC|Corp|Co|LLP)\b)?\.?/u

/** "Source Software", "Social Media": a thing in general in spite of its last word. */
export const NO_COMPANY = words(`
  source software free open social mass news human venture solar renewable nuclear wind third application computer custom
  traditional digital mobile federal high supreme appeals data energy kinetic potential search
`)

export const PLACE_HEADS = words(`
  river lake island islands county city valley mountain mountains street avenue road province peninsula ocean sea bay
  airport bridge beach coast desert township village district municipality canyon republic region state territory capital continent glacier strait square
`)
export const PLACE_FIRST = words('lake mount river cape')
export const EVENT_HEADS = words(`
  conference summit workshop meetup hackathon kubecon devcon cup championship championships olympics war festival games
`)

/** Words that no person's name has, though they stand capitalised in other names. */
export const IMPERSONAL = words(`
  american british english french german italian spanish dutch russian chinese japanese canadian australian indian irish
  scottish welsh european african asian swedish norwegian danish finnish polish turkish greek mexican brazilian
  national international royal united new old north south east west northern southern eastern western central great big
  san santa los las st saint fort port upper lower high super grand golden silver black white red blue green
  federal state public private global world universal general major modern ancient holy christian catholic
  award awards prize medal series season album song film movie novel book magazine journal times post daily theatre
  theater center centre hall house palace castle park garden gardens school station stadium tower building hotel street
  records band act bill treaty revolution empire kingdom dynasty battle campaign day week month year edition volume
  apache amazon google microsoft azure oracle linux ubuntu debian windows android java python kubernetes openshift
  server cloud data web open digital virtual cyber smart hub stack flow pay platform suite
`)

/** Given names that are dictionary words as well: they tell a person only before a second capitalised word. */
export const COMMON_GIVEN = words(`
  grace rose mark hope faith joy bill will art pat drew ray guy chase lane summer ivy amber ruby pearl jade hazel holly
  violet daisy crystal penny sandy warren grant wade glen cliff rich miles hunter mason carter taylor cooper parker logan
  chuck gene earl sterling norm bud dick dean frank jack rob victor victory angel bobby christian charity destiny
`)

export const DEMONYM = /^\p{Lu}\p{Ll}+(?:ican|ian|ish|ese|ean)$|^(?:German|French|Greek|Dutch|Swiss|Czech|Thai)$/u

/** Titles before a full name. */
export const TITLES = words(`
  president senator governor chancellor minister congressman congresswoman ambassador justice judge colonel captain
  lieutenant sergeant professor chairman chairwoman director commissioner mayor bishop archbishop pope cardinal reverend
`)

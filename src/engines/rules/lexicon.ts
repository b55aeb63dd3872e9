/** Word lists. Everything is lower case unless it says otherwise. */
const words = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/))

/** Never a name, however it is written. */
export const NEVER_NAMES = words(`
  i me my mine we us our ours you your yours he him his she her hers it its they them their theirs this that these those
  who whom whose which what when where why how there here somebody someone anybody anyone nobody everybody everyone
  something anything nothing everything one ones none
  the a an and or but so if then than as at by for from in into of on onto to up with without about after before during
  until since because while although though however also too very just only even still yet not no nor yes yeah yep yup
  ok okay sure right well good great nice cool perfect awesome thanks thank please sorry hi hello hey gm gn bye lol etc
  monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu thur thurs fri sat sun today tomorrow
  yesterday tonight january february march april may june july august september october november december jan feb mar apr
  jun jul aug sep sept oct nov dec am pm utc gmt pst est cet pt et
  is are was were be been being am do does did have has had will would can could shall should may might must
  all any both each every few many more most much other others same some such several either neither another
  first second third last next new old now later soon never always often sometimes maybe perhaps probably actually
  basically anyway again once let lets let's i'm i'll i've i'd it's that's there's we're we'll we've don't tbd n/a tldr
  fyi imo imho btw afaik iirc lgtm ptal wip todo re vs eg ie ps qa q&a
  christmas easter halloween thanksgiving ramadan hanukkah
  agenda announcements notes minutes meeting meetings attendees present action actions item items topic topics
  recording recordings link links summary section chapter appendix figure table page note status date time subject
`)

/** First words of sentences and list items that are capitalised only for that, and never begin a name. */
export const OPENERS = words(`
  accept accepted add added adding adopt agree agreed allow allowing announce another apply approve approved are ask asked
  assign attend audit based begin believe beyond bring build call cancel change changes check clarify close closing
  collect combine comment compare complete confirm consider continue contact context coordinate create currently
  decide decided define delete deliver deploy depending describe despite determine develop discuss discussed discussing
  discussion document draft due during edit enable ensure especially evaluate every everything except expand explain
  explore extend file finalize finally find finish fix follow following further generally get getting give given go going
  hopefully hosted identify if implement import improve include including instead introduce invite join keep kick know
  lack land later launch lead learn leave let like list look looking looks make making manage many meanwhile merge
  mention might migrate modify more most move moved moving must need needs no obviously once only open opened opening
  original originally other otherwise outside overall per pick ping plan planning please post prepare present
  presumably previous previously prioritize proceed propose proposed proposing provide publish pull push put question
  questions quick quickly raise ran rather re reach read recap recommend regarding regular release reminder remove
  replace report request require research resolve retire review reviewed reviewing revisit run running schedule see seems
  select send set several share should show similar similarly simply since start started starting stay stop submit
  subscribe suggest suggested support sync take talk target test testing thanks that the then there therefore these think
  this those though through thus together topic track transfer tried try two three four five under unless unlike
  until update updated updates updating upgrade use using verify via view visit vote voting wait waiting want was watch
  welcome what whatever when whenever where whether while why will wondering work working would write writing yet
  action todo fyi note question answer example examples etc both former current currently remaining based besides
  unfortunately potentially ideally technically essentially honestly personally apparently
`)

/** Last words of the names of organizations. */
export const BODY_HEADS = words(`
  foundation systems solutions council committee board team group department office agency authority association institute institution
  university college school consortium alliance union ministry bank company corporation corp inc inc. ltd ltd. limited llc
  gmbh ag plc partners consulting labs laboratories holdings ventures technologies industries operations services society
  federation commission bureau secretariat guild cooperative trust subcommittee taskforce sig wg tsc steerco
`)

/** Lower-case words after a name that make it a body: "the Ferrypoint team". */
export const BODY_TAILS = words('team group committee council board foundation department office subcommittee company')

/** Words that cannot stand before a lower-case body word to name it: "the other team". */
export const VAGUE = words(`
  the a an our your their his her its my this that these those other same whole entire first second next last new old
  small large big core wider broader main own current previous respective each every any some all different
  particular relevant appropriate bigger smaller right wrong good best better full various certain larger another
  single separate given specific no such many few client project kanban triage whole remaining rest
`)

/** Words after a name that make it software or a technical service. */
export const SYSTEM_TAILS = words(`
  api server client tool system service library framework protocol network testnet devnet interface cli sdk database app
  application plugin platform runtime engine compiler package module binary operator driver controller repository repo
  fork upgrade release
`)

/** Words after a name that make the whole a rule or a paper. */
export const POLICY_TAILS = words('charter policy guideline guidelines bylaws regulation code')
export const CONTRACT_TAILS = words('contract agreement invoice order')

/** Words that are capitalised in headings, governance and forms without naming anything. */
export const GENERIC = words(`
  board director directors member members project projects chair chairs lead leads committee council team group
  community foundation charter policy policies section issue issues pull request requests pr prs repo release version
  update updates proposal proposals plan plans process contributor contributors maintainer maintainers owner owners user
  users developer developers organization company everyone folks people guest host speaker unknown moderator admin
  devs dev client clients test tests testing spec specs fork forks block blocks state gas code api apis docs doc
  readme github gitlab slack zoom discord google-doc youtube twitter email internet web el cl id ids url urls ui cli yaml
  json http https html css sql tls ssl tcp dns cpu gpu ram os ci cd ai ml eu us uk kep keps eip eips erc ercs rfc
  working session sessions call calls technical steering special interest subproject subprojects emeritus
  observers voting regular impact incubating stage level part phase step option options case type types
`)

/** Jobs, for "Ana Ruiz, finance director" and tables with a column of roles. */
export const ROLE_HEADS = words(`
  ceo cto coo cfo ciso president chair chairman chairwoman chairperson co-chair director head lead leader manager secretary
  treasurer sponsor architect engineer developer researcher maintainer coordinator liaison founder officer analyst
  consultant designer editor moderator facilitator advocate representative counsel lawyer auditor accountant controller
  administrator scientist professor owner contact
`)

/** What somebody can be given to do. A task begins with one of these. */
export const TASK_VERBS = words(`
  add analyse analyze announce approve arrange ask assemble assess audit benchmark book bring build chase circulate clarify
  clean close collect compile complete confirm contact convert coordinate correct create debug define deliver deploy
  design discuss document draft email ensure escalate evaluate expand file finalise finalize find finish fix follow
  followup follow-up gather get help host implement inform integrate introduce investigate invite land launch lead
  loop make merge migrate monitor move nominate notify open organise organize ping plan post prepare present produce
  propose provide publish pull push raise rebase rebuild reach refactor refine release remove rename reopen reply report
  request research resolve respond restart reproduce review revise revisit rewrite run schedule send setup set share sign
  start submit summarise summarize sync talk test track transfer translate triage update upgrade upload verify work write
`)

/** Of these, those too common in talk ("I'll get back to you", "I'll add one thing") to trust in the first person. */
export const LIGHT_VERBS = words(`
  add ask bring find finish get help lead make move plan pull push run set share start talk work follow present post discuss
  open close introduce
`)

/** Objects that make a task too small or too vague to keep. */
export const TRIVIAL = words(`
  screen link links chat second minute minutes moment thing things stuff something it that this them you him her us me mic
  video slide slides agenda way bit lot point question questions hand time call sense one ones everything anything nothing
  word words comment comments order note reason everyone everybody people guys folks today tomorrow
`)

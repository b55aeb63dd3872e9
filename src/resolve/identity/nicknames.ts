/**
 * Short forms of given names that people go by, from general knowledge: the name, then its nicknames. English first,
 * then some German, Spanish, Italian, French and Slavonic ones. Only forms that are seldom names of somebody else.
 */
const TABLE = `
abigail abby gail|abraham abe bram|adelaide addie|adrian ade|agnes aggie nessie|albert al bert bertie
alexander alex al sandy xander sasha lex alec|alexandra alex sandra sandy sasha lexi|alfred alf alfie fred|alice ali
alison ali allie|amanda mandy|amelia amy millie|andrew andy drew|angela angie|anne annie nan nancy|anna annie
anthony tony ant|antonia toni|archibald archie|arnold arnie|arthur art artie|augustus gus|augustine gus
barbara barb barbie babs|bartholomew bart|beatrice bea trixie|belinda linda|benjamin ben benny benji|bernard bernie
bertram bert|beverly bev|bradley brad|brenda bren|bridget bridie biddy|calvin cal|cameron cam
carolyn carrie carol lyn|caroline carrie carol|cassandra cass cassie sandra
catherine cathy cate cat kate katie kit kitty|charles charlie chuck chas chip|charlotte lottie charlie|chester chet
christian chris|christina chris chrissie tina|christine chris chrissie tina|christopher chris kit topher
clarence clare|clifford cliff|clinton clint|constance connie|cornelius neil|curtis curt|cynthia cindy|cyril cy
daniel dan danny|danielle dani|darlene darla|david dave davy|deborah deb debbie|denise denny|dennis denny|diana di
dominic dom nick|donald don donnie|dorothy dot dottie dolly|douglas doug|edgar ed|edmund ed eddie ned ted
edward ed eddie ned ted teddy|edwin ed eddie|eleanor ellie nell nora
elizabeth liz lizzie beth betty betsy eliza elsie bess libby lisa|ellen nell nellie|emily em emmy|emma em
ernest ernie|eugene gene|evelyn evie|ezekiel zeke|felicity flick|florence flo florrie|frances fran fanny frankie
francis frank fran|francesca fran|franklin frank|frederick fred freddie|gabriel gabe|gabrielle gabby|geoffrey geoff
george georgie|gerald gerry jerry|geraldine gerry|gerard gerry|gertrude gertie trudy|gilbert gil bert|gordon gordie
grace gracie|gregory greg|gwendolyn gwen|hannah anna|harold harry hal|harriet hattie|harrison harry
henry harry hank hal|herbert herb bert|howard howie|hubert bert|hugh hughie|ignatius iggy|immanuel manny|isaac ike
isabel bella izzy belle chabela isa|isabella bella izzy belle|jacob jake|jacqueline jackie|james jim jimmy jamie jem
jane janie jenny|janet jan|jason jay|jean jeanie|jeffrey jeff|jennifer jen jenny|jeremy jerry jem|jeremiah jerry
jerome jerry|jessica jess jessie|joan joanie|joanna jo|joanne jo|john johnny jack jock|jonathan jon jonny
joseph joe joey jo|josephine jo josie|joshua josh|joyce joy|judith judy|julia julie jules|julian jules|julius jules
katherine kathy kate katie kit kitty kay|kathleen kathy kate|kenneth ken kenny|kimberly kim|kristen kris
kristina kris tina|laurence larry laurie|lawrence larry laurie|leonard len lenny leo|leonardo leo|leopold leo
leroy roy|leslie les|lewis lew|lillian lil lily|linda lindy|louis lou louie|louise lou lulu|lucille lucy
lucinda cindy lucy|lydia liddy|mabel may|madeline maddie|malcolm mal|marcus marc
margaret maggie meg peggy peg madge marge margie greta rita daisy|margery marge|maria mary ria|marjorie marge
martha marty patty|martin marty|mary molly polly mamie|matilda tilly mattie|matthew matt|maureen mo|maurice mo
maximilian max|maxwell max|melanie mel|melissa mel missy|melvin mel|meredith merry|michael mike mick mickey micky
michelle shelly|mildred millie|miranda mandy|miriam mimi|mitchell mitch|montgomery monty|morris mo|moses mo
nancy nan|natalie nat|natasha tasha|nathan nat nate|nathaniel nat nate nathan|nicholas nick nicky nico|nicole nicky
norman norm|oliver ollie|olivia liv livvy|oscar ozzie|oswald oz ozzie|pamela pam
patricia pat patty patsy trish tricia|patrick pat paddy rick|paul pauly|peter pete|philip phil pip|philippa pippa
phillip phil|priscilla cilla|prudence prue|rachel rae|ralph rafe|randall randy|randolph randy dolph|raymond ray
rebecca becky becca|reginald reg reggie|richard rick ricky rich richie dick|robert rob bob bobby robbie bert
roberta bobbie|robin rob|roderick rod rick|rodney rod|roger rodge|roland rollie|ronald ron ronnie|rosalind roz
rosemary rose rosie|roxanne roxy|rudolph rudy|rupert rup|russell russ rusty|ruth ruthie|samantha sam sammy
samson sam|samuel sam sammy|sandra sandy|sarah sally sadie|sebastian seb bastian basti|seymour sy|sharon shaz
shirley shirl|sidney sid|silvester sly|simon si|solomon sol|sophia sophie|spencer spence|stanley stan
stephanie steph stephie|stephen steve stevie|steven steve stevie|stuart stu|susan sue susie suzy|susannah sue susie
suzanne sue suzy|sylvester sly|sylvia syl|tabitha tabby|teresa terry tess tessa tere|terence terry
theodore ted teddy theo|theresa terry tess tessa|thomas tom tommy|timothy tim timmy|tobias toby|valentine val
valerie val|vernon vern|veronica ronnie vera|victor vic|victoria vicky vic tori|vincent vince vinny|virginia ginny
vivian viv|wallace wally|walter walt wally walti|wesley wes|wilfred wilf fred|wilhelmina mina minnie
william will bill billy willy liam|winifred winnie fred|winston win|zachary zack zach zac|wilfried willi
wilhelm willi willy|johannes hans hannes jo|johann hans|joachim achim jochen|friedrich fritz fred|ferdinand ferdi
heinrich heinz heini|hermann manni|jakob jack|josef sepp jupp|karl kalle|katharina kathi käthe|klaus claus
ludwig lutz|manfred manni|margarete grete gretel|matthias matze hias|michaela michi|nikolaus klaus niko|rudolf rudi
siegfried siggi|stefan steff|susanne susi|therese resi|ulrich uli|ursula uschi|wolfgang wolf|christoph chris
gabriele gabi|georg schorsch|gustav gus|elisabeth lisa liesl sissi|eduard edi|andreas andi|alejandro alex jandro
antonio toni|concepción concha conchita|dolores lola|enrique quique|ernesto neto|federico fede|fernando nando
francisco paco pancho curro fran|gregorio goyo|guadalupe lupe|guillermo memo guille|ignacio nacho|jesús chucho
josé pepe|joaquín quino|manuel manolo manu|mercedes merche|miguel migue|pilar pili|rafael rafa|ricardo ricky
roberto beto|rosario charo|santiago santi|vicente chente|alessandro sandro ale|domenico mimmo
francesco ciccio franco|giovanni gianni vanni|giuseppe beppe peppe pino|lorenzo renzo|luigi gigi gino|salvatore totò
vincenzo enzo|antoine tony|jacques jacquot|aleksandr sasha shura|aleksey alyosha|anastasia nastya|dmitri dima mitya
ekaterina katya|evgeny zhenya|ivan vanya|mikhail misha|nadezhda nadya|natalia natasha|nikolai kolya|olga olya
pavel pasha|piotr piotrek|sergei seryozha|tatiana tanya|vladimir vova volodya|yuri yura|jan janek honza|jiří jirka
katarzyna kasia|małgorzata gosia|stanisław staszek|tomasz tomek|krzysztof krzysiek|pieter piet|cornelis cees kees
hendrik henk|willem wim`

const namesByNickname = readTable()

function readTable(): ReadonlyMap<string, readonly string[]> {
  const table = new Map<string, string[]>()
  for (const entry of TABLE.trim().split(/[|\n]/)) {
    const [name = '', ...nicknames] = fold(entry).split(' ')
    for (const nickname of nicknames) table.set(nickname, [...(table.get(nickname) ?? []), name])
  }
  return table
}

function fold(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .replaceAll('ł', 'l')
}

/** The given names that a folded given name may be short for, itself first. */
export function namesOfNickname(given: string): readonly string[] {
  return [given, ...(namesByNickname.get(given) ?? [])]
}

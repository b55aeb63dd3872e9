/** Given names common enough in minutes to tell a person from a product. Names that are common words are left out. */
export const FIRST_NAMES: ReadonlySet<string> = new Set(
  `aaron abdul abigail adam adrian agnes ahmad ahmed aisha akash akira alan albert alberto alejandro alena alessandro alex
  alexander alexandra alexandre alexandru alexey ali alice alicia alina alison allan allen alvaro amanda amara amelia amir
  amit amy ana anand anastasia anders andre andrea andreas andrei andres andrew andrzej andy angela angelo anish anita anja
  anna anne annie ansgar anthony antoine anton antonio anya april arjun arnaud arthur arun ashley aurelie ayse barbara
  barnabas bart beatrice ben benjamin bernard bernd beth bettina bilal bob boris brad brandon brendan brenda brian bridget
  bruno bryan caleb cameron camille carl carla carlo carlos carmen carol carolina caroline catherine cecilia celine cesar
  chad charles charlie charlotte chen chiara chloe chris christian christiane christina christine christof christoph
  christophe christopher ciaran claire clara claude claudia claudio clement colin connor craig csaba curtis cynthia daisuke
  damien dan daniel daniela daniele danielle danny darren dave david davide dawn dean deborah debra declan denis dennis
  derek diana diane diego dieter dimitri dirk dmitry dominic dominik don donald donna dora doris doug douglas duncan dustin
  dylan edgar edith eduardo edward edwin elena eleanor eli elias elisa elisabeth elizabeth ella ellen emanuel emil emilia
  emily emma emmanuel eric erica erik erika ernest ernesto esther etan ethan eugene eva evan eve evelyn fabian fabio fabrice
  fatima federico felipe felix ferdinand fernando filip fiona florian franca frances francesca francesco francis francisco
  francois frank frans fred frederic frederik friedrich gabriel gabriela gareth gary gavin geoff geoffrey george georg
  gerald gerard gerhard giacomo gianluca gilbert gina giorgio giovanni giulia giulio giuseppe glenn gloria gordon graham
  greg gregory greta guido guillaume gustav gustavo hana hannah hannes hans harald haris harry harvey hassan heather heidi
  heinrich heinz helen helena helene helga henri henrik henry herbert hiroshi holger howard hubert hugo ian ibrahim ignacio
  igor ilya imran ines ingrid irena irene irina iris isaac isabel isabella ivan ivana jack jackie jacob jacqueline jacques
  jaime jake jakob jakub james jamie jan jana jane janet janine jared jaroslav jasmine jason javier jean jeanne jeff
  jeffrey jen jennifer jenny jens jeremy jerome jerry jesse jessica jesus jim jimmy jiri joachim joan joanna joao jochen
  joe joel joerg johan johann johanna johannes john johnny jon jonas jonathan jordan jordi jorge jory jose josef joseph
  josh joshua juan judith judy julia julian juliana julie julien juliet julius jun juraj jurgen justin kaito karen karim karin
  karl karol karolina kaslin kasper kat kate katharina katherine kathleen kathrin kathy katie katja katrin kazuaki keith
  kelly ken kendall kenji kenneth kerstin kevin khaled kim kirsten klaus konrad konstantin kris kristen kristin kristina
  kristof kumar kurt kyle lars laura lauren laurent lauri lawrence lea lei leila lena leo leon leonard leonardo leonie
  leslie levi liam lily lin linda lisa liz lorenzo louis louise luca lucas lucia lucy luigi luis luisa lukas luke lydia
  maciej madeleine mads magda magdalena maja manfred manuel manuela marc marcel marcela marcelo marcin marco marcos marcus
  marek margaret margarita maria mariana marie marina mario marion marius mariya markus marta martha martin martina mary
  masahiro mateo matej mathias mathieu mats matt matteo matthew matthias maurice mauricio max maxim maxime maximilian megan
  mehdi mei mei-lin melanie melissa mert mia micah michael michaela michal michel michele michelle miguel mika mikael mike
  mikhail milan milena milos mina mira miriam mirko mitchell mo mohamed mohammad mohammed mohan moira monica monika morgan
  moritz muhammad mustafa nabarun nadia nadine naoki naomi natalia natalie natasha nathan nathalie neil nelson nicholas nick
  nico nicola nicolas nicole niels nigel nikhil nikita niklas nikola nikolai nikos nils nina noah noel nora norbert norman
  olaf oleg olena olga oliver olivia olivier omar oscar oskar otto owen pablo pamela paolo parithosh pascal patricia
  patricio patrick patrik paul paula paulina paulo pavel pawel pedro peggy per petar peter petr petra phil philip philipp
  philippe pierre piotr pooja priya rachel radek rafael rahul rainer ralf ralph ramon randy raphael rashid raul raymond
  rebecca regina reinhard renata renate rene rey ricardo richard rick rita rob robert roberta roberto robin rodrigo roger
  roland rolf roman ron ronald rosa rosalind ross roxana roy ruben rudolf russell ruth ryan sabine sabrina sally salvatore
  sam samir samuel sandeep sandra sandro sanjay sara sarah sascha sasha scott sean sebastian sergei sergey sergio shane
  shannon sharon shaun sheila shirley sigrid silvia simon simona simone sofia sonia sophia sophie stan stanislav stefan
  stefania stefano stella stephan stephane stephanie stephen steve steven stewart stuart sunil susan susanne suzanne sven
  svetlana sylvia sylvie tamara tania tanja tara tatiana ted teresa terence tevita thomas thorsten tiago tim timo timothy
  tina tobias tobie todd tom tomas tomasz tomoko toni tony torsten trent trevor tristan tyler ulises ulrich ulrike ursula uwe
  vaclav valentin valentina valeria vanessa vera veronica veronika victor victoria vijay viktor vincent vincenzo viola
  virginia vitalik vitor vivian vladimir walter wanda wayne wei wendy werner wes wesley wilhelm william wolfgang xavier xiao
  yan yang yannick yasmin yuki yuri yves yvonne zachary zhang zoe zoltan zsolt zuzana`
    .trim()
    .split(/\s+/),
)

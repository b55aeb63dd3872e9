import { rule, START, within, words, type Rule } from './rule.ts'

/** Orders to a model in other languages than English; accents are dropped, that of й too, as `reveal` drops them. */
export const OTHER_LANGUAGES: readonly Rule[] = [
  // German
  rule(
    'override',
    `\\b(?:ignorier(?:e|t|en)|vergiss|vergesst|vergessen|missachte[nt]?|verwirf|ubergehe)${words(4)}[ \\n](?:vorherig|vorig|bisherig|obig|fruher|vorangegangen|vorhergehend|vorangehend|dein|ihr|eur)(?:e|en|er)?${words(2)}[ \\n](?:anweisung|instruktion|vorgabe|befehl|anleitung|prompt|systemprompt)\\p{L}{0,3}\\b`,
    'anweisung|instruktion|vorgabe|befehl|anleitung|prompt',
  ),
  rule(
    'address',
    `${START}(?:liebe[rs]?|hallo|hinweis an|an|nachricht an|achtung)[ ,](?:alle |die |den |das |jede )?(?:ki(?:-\\p{L}+)?|kunstliche intelligenz|sprachmodelle?|chatbots?|assistente?n?)\\b${within(40)}[,:!]${within(20)}\\b(?:bitte|trag\\p{L}*|verbinde|verknupfe|notier\\p{L}*|halte|nimm|setze|gib|du|ignorier\\p{L}*|vermerk\\p{L}*|merke|erfasse)\\b`,
    ' ki|,ki|kunstliche|sprachmodell|chatbot|assistent',
  ),
  rule(
    'address',
    `\\bdu bist (?:jetzt |nun |ab sofort )?(?:eine? |die )?(?:\\p{L}{3,14}e[rs]? )?(?:ki|kunstliche intelligenz|sprachmodell|chatbot|ki-assistent(?:in)?|hilfreiche[rs]? assistent(?:in)?)\\b`,
    'du bist',
  ),
  rule(
    'address',
    `\\b(?:wenn|falls|sofern) du (?:eine? |die )?(?:ki|kunstliche intelligenz|sprachmodell|chatbot|assistent(?:in)?)\\b|\\bhinweis(?:e)? (?:fur|an) (?:alle |die |den |das )?(?:ki(?:-\\p{L}+)?|sprachmodelle?|chatbots?)\\b`,
    'wenn du|falls du|sofern du|hinweis',
  ),
  // French
  rule(
    'override',
    `\\b(?:ignore[rz]?|oublie[rz]?|ne (?:tiens|tenez) (?:pas|aucun) compte|(?:fais|faites) abstraction|neglige[rz]?)${words(3)}[ \\n](?:instructions?|consignes?|directives?|ordres?|invites?)[ \\n](?:precedent|anterieur|initial|ci-dessus|du systeme|systeme|qui precedent)`,
    'instruction|consigne|directive|ordre|invite',
  ),
  rule(
    'override',
    `\\b(?:ignore[rz]?|oublie[rz]?|neglige[rz]?)${words(2)}[ \\n](?:precedent|anterieur|toutes (?:tes|vos|les) )\\p{L}{0,3}[ \\n]?(?:instructions?|consignes?|directives?)\\b`,
    'instruction|consigne|directive',
  ),
  rule(
    'address',
    `${START}(?:chere?|bonjour|note (?:a|pour)|a l'attention de|message (?:a|pour)|attention)[ ,](?:toute |l'|la |le |cette |les )?(?:ia|intelligence artificielle|modeles?(?: de langage)?|assistante?|llm)\\b${within(40)}[,:!]${within(20)}\\b(?:merci|veuille[zs]|s'il|enregistre[rz]?|note[rz]?|relie[rz]?|ajoute[rz]?|considere[rz]?|ignore[rz]?|tu|vous|indique[rz]?|lie[rz]?)\\b`,
    " ia|,ia|'ia|intelligence|modele|assistant|llm",
  ),
  rule(
    'address',
    `\\b(?:tu es|si vous etes) (?:maintenant |desormais )?(?:une? |l')(?:ia|intelligence artificielle|assistante?|modele de langage)\\b`,
    'tu es|vous etes',
  ),
  // Spanish
  rule(
    'override',
    `\\b(?:ignor(?:a|e|ad|en|ar)|olvid(?:a|e|ad|en|ar)|descart(?:a|e)|omit(?:e|a)|haz caso omiso de|desatiende)${words(4)}[ \\n](?:instrucciones|indicaciones|ordenes|directrices|consignas)(?:[ \\n](?:anteriores|previas|precedentes|de arriba|del sistema|iniciales|dadas|que)\\b)`,
    'instrucciones|indicaciones|ordenes|directrices|consignas',
  ),
  rule(
    'override',
    `\\b(?:ignor(?:a|e|ad|en)|olvid(?:a|e|ad|en))${words(2)}[ \\n](?:todas|anteriores|previas|tus)${words(2)}[ \\n](?:instrucciones|indicaciones|ordenes)\\b`,
    'instrucciones|indicaciones|ordenes',
  ),
  rule(
    'address',
    `${START}(?:querid[ao]|estimad[ao]|hola|nota para|atencion|mensaje para)[ ,](?:la |el |los |las )?(?:ia|inteligencia artificial|asistente|modelos?(?: de lenguaje)?|llm)\\b${within(40)}[,:!]${within(20)}\\b(?:por favor|registr\\p{L}+|vincul\\p{L}+|enlaz\\p{L}+|anot\\p{L}+|agreg\\p{L}+|anad\\p{L}+|ignor\\p{L}+|debes?|considera|marca)\\b`,
    'querid|estimad|hola|nota para|atencion|mensaje',
  ),
  rule('address', `\\beres (?:ahora )?una? (?:ia|inteligencia artificial|asistente|modelo de lenguaje)\\b`, 'eres '),
  // Italian, Portuguese, Dutch, Polish
  rule(
    'override',
    `\\b(?:ignor(?:a|ate|i|are)|dimentic(?:a|ate|are)|trascura)${words(3)}[ \\n](?:(?:istruzioni|indicazioni|direttive)[ \\n](?:precedenti|di cui sopra|sopra|iniziali|di sistema)|precedenti[ \\n](?:istruzioni|indicazioni))\\b`,
    'istruzioni|indicazioni|direttive',
  ),
  rule(
    'override',
    `\\b(?:ignor(?:e|a|em|ar)|esqueca|esquece|desconsidere)${words(3)}[ \\n](?:instrucoes|orientacoes|ordens|diretrizes)[ \\n](?:anteriores|previas|acima|iniciais|do sistema)\\b`,
    'instrucoes|orientacoes|ordens|diretrizes',
  ),
  rule(
    'override',
    `\\b(?:negeer|vergeet|sla)${words(3)}[ \\n](?:vorige|eerdere|bovenstaande|voorgaande)${words(1)}[ \\n](?:instructies?|aanwijzingen|opdrachten|prompts?)\\b`,
    'instructie|aanwijzing|opdracht|prompt',
  ),
  rule(
    'override',
    `\\b(?:z?ignoruj|zapomnij o?|pomin)${words(3)}[ \\n](?:poprzednie|wczesniejsze|powyzsze)${words(1)}[ \\n](?:instrukcje|polecenia)\\b`,
    'instrukcje|polecenia',
  ),
  // Russian, Turkish
  rule(
    'override',
    `(?:проигнорируи|игнорируи|забудь|не обращаи(?:те)? внимания)(?:те)?${words(3)}[ \\n](?:предыдущ|прежн|вышеуказанн|всех|все|системн)\\p{L}*${words(2)}[ \\n](?:инструкци|указани|команд|распоряжени)`,
    'инструкци|указани|команд|распоряжени',
  ),
  rule(
    'override',
    `\\b(?:onceki|yukaridaki)${words(2)}[ \\n](?:talimat|komut|yonerge)\\p{L}*${words(2)}[ \\n](?:yoksay|unut|gormezden gel|dikkate alma)`,
    'talimat|komut|yonerge',
  ),
  // Swedish, Vietnamese, Hindi, Hebrew
  rule(
    'override',
    `\\b(?:ignorera|glom|bortse fran)${words(3)}[ \\n](?:tidigare|foregaende|ovanstaende)${words(1)}[ \\n](?:instruktion|anvisning|order)`,
    'instruktion|anvisning|order',
  ),
  rule(
    'override',
    `\\b(?:bo qua|quen)${words(4)}[ \\n](?:huong dan|chi dan|chi thi|lenh)${words(2)}[ \\n](?:truoc|tren)`,
    'bo qua|quen',
  ),
  rule('override', `(?:पिछले|पूर्व|ऊपर)[^।\\n]{0,24}(?:निर्देश|आदेश)[^।\\n]{0,24}(?:अनदेखा|नजरअंदाज|भूल)`),
  rule('override', `(?:התעלם|התעלמו|התעלמי|שכח)[^.\\n]{0,24}(?:ההוראות|הוראות|ההנחיות|הפקודות)`),
  // Chinese, Japanese, Korean, Arabic
  rule(
    'override',
    `(?:忽略|无视|無視|忘记|忘記|忘掉|不要理会|不用管|不要遵守|抛开)[^。！？!?\\n]{0,14}(?:指令|指示|命令|提示词|提示詞|说明|說明|要求|规则|規則|系统提示)|(?:忽略|无视|無視|忘记)(?:以上|上述|上面|之前|前面)[^。！？!?\\n]{0,8}(?:内容|內容|文字|文本)[^。\\n]{0,4}(?:只|并|並|请|請|改|而)`,
  ),
  rule(
    'override',
    `(?:以前|前|これまて|これまで|上記|今まて|今まで|先)[^。\\n]{0,8}(?:指示|命令|プロンプト|フロンフト)[^。\\n]{0,10}(?:無視|忘れ)`,
  ),
  rule('override', `(?:이전|위|앞|기존)[^.\\n]{0,10}(?:지시|명령|프롬프트|지침)[^.\\n]{0,10}(?:무시|잊)`),
  rule('override', `(?:تجاهل|انس)[^.\\n]{0,24}(?:التعليمات|الاوامر|الأوامر|تعليماتك)`),
  rule(
    'address',
    `(?:亲爱的|親愛的|致|请注意|注意)[,，:： ]{0,2}(?:各位)?(?:人工智能|ai|语言模型|語言模型|大模型|智能助手|助手|机器人)[^。！？\\n]{0,12}[,，:：！!][^。\\n]{0,20}(?:请|請|记录|記錄|链接|連結|标记|忽略|必须|添加|视为)`,
  ),
  rule(
    'address',
    `(?:如果)?你(?:现在|現在)?是(?:一个|一個|一名)?(?:人工智能|ai|语言模型|語言模型|大模型|智能助手|聊天机器人)`,
  ),
]

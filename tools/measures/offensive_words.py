"""Offensive words by language, which `profanity` looks for. Written for winnow; they are data, and offensive to read.

Each form stands by itself, since whole words are compared. What is mostly meant in a harmless sense is left out.
"""

OFFENSIVE = {
    "en": """fuck fucks fucked fucker fuckers fuckin fucking fuckin' fuckhead fuckface fuckwit fuckwits fucktard fuckup fuck-up clusterfuck mindfuck
        motherfucker motherfuckers motherfucking mother-fucker mother-fucking muthafucka mofo fck fcking f*ck f*cking f**k f**king fuk fuking wtf stfu
        gtfo shit shits shitty shitting shitted shithead shitheads shithole shitholes shitshow shitload shitstorm shite shitface shitfaced bullshit
        bullshitting bullshitter horseshit dipshit dipshits dumbshit batshit apeshit chickenshit jackshit sh*t s**t sh*tty
        bitch bitches bitchy bitching bitched bitchass biatch b*tch b*tches son-of-a-bitch cunt cunts cunty c*nt c**t twat twats
        asshole assholes arsehole arseholes arse arses ass asses a**hole assh*le dumbass dumbasses jackass jackasses smartass badass fatass asshat
        asshats asswipe lardass bigass bastard bastards dick dicks dickhead dickheads dickwad dickface cock cocks cocksucker cocksuckers cocksucking
        prick pricks pussy pussies pussyass wanker wankers wank wanking tosser tossers bollocks bugger buggers bellend knobhead knobheads
        slut sluts slutty whore whores whoring whorish hoe hoes skank skanks skanky slag slags thot thots
        nigger niggers nigga niggas niggaz nigguh negro negroes coon coons faggot faggots fag fags faggy dyke dykes tranny trannies retard retards
        retarded spic spics chink chinks gook gooks kike kikes wetback wetbacks beaner beaners paki pakis raghead ragheads towelhead
        towelheads sandnigger honky honkies redskin redskins gypo gyppo shemale
        tit tits titties titty tittyfuck boob boobs boobies jizz cum cumming cumshot cumshots blowjob blowjobs handjob handjobs rimjob dildo dildos
        buttplug butthole butthead buttfuck buttsex clit clits fingerbang gangbang gangbangs deepthroat bukkake creampie milf milfs porn porno xxx
        piss pissed pissing pisses pisser goddamn goddam goddamned goddammit damn damned dammit crap crappy douche douches douchebag
        douchebags douchey scumbag scumbags motherf turd turds wtf """,
    "de": """arsch ärsche arschloch arschlöcher arschgeige arschgesicht arschkriecher arschficker verarsche verarschen verarscht scheiße scheisse
        scheiß scheiss scheißen scheissen scheißt geschissen beschissen beschissene beschissener beschissenes scheißkerl scheisskerl scheißdreck
        scheissdreck klugscheißer bullshit kacke verkackt fick ficken fickt ficker gefickt fickst verfickt verfickte verfickter fuck fucking
        hurensohn hurensöhne hure huren hurenkind nutte nutten schlampe schlampen fotze fotzen möse muschi titten wichser wichsen wichst
        wixer wixxer schwanzlutscher schwuchtel schwuchteln schwuchti tunte tunten missgeburt missgeburten mistkerl miststück mistschwein drecksau
        dreckskerl drecksack dreckschwein saukerl schweinehund schweinehunde pisser pissen piss verpiss pissnelke spast spasti spastis spacko mongo
        mongos vollidiot vollidioten kanake kanaken kanacke neger negern nigger bimbo zigeunerpack judensau kümmeltürke schlitzauge bastard bastarde
        pimmel vögeln bumsen blasen arschfick kotzbrocken depp trottel""",
    "fr": """merde merdes merdique merdeux emmerde emmerdes emmerder emmerdeur emmerdeuse putain putains pute putes putassier
        connard connards connasse
        connasses connes connerie conneries salaud salauds salope salopes saloperie saloperies salopard salopards enculé enculés
        enculer enculée encule enculeur foutre foutu foutue foutus baise baiser baisé baisée niquer nique niqué niquez ntm fdp bite bites couille
        couilles couillon couillons chatte chattes branler branleur branleurs branlette bordel chier chié chieur chieuse chiant chiante
        pédé pédés pd tapette tapettes tarlouze gouine gouines bougnoule bougnoules bicot bicots négro négros nègre nègres youpin youpins niakoué
        bâtard bâtards bougre trouduc garce garces poufiasse pouffiasse pétasse pétasses grognasse pisser pisse cul culs enfoiré enfoirés enfoirée
        fils-de-pute suceur suceuse""",
    "es": """mierda mierdas puta putas puto putos putada putadas putear hijoputa hijueputa hijodeputa joder jodido jodida jodidos jodidas jode joda
        jódete jodan coño coños carajo cabrón cabrones cabrona cabronas cabronazo gilipollas gilipollez polla pollas follar follada follado
        folla follando pendejo pendejos pendeja pendejas pendejada chingar chinga chingada chingado chingados chingón chingadera verga vergas
        culero culeros culo culos maricón maricones marica maricas mariconada bollera bolleras zorra zorras guarra guarras ramera rameras
        cagar cagada cagado cagón capullo capullos mamón mamones mamada mamadas huevón huevones güevón boludo boludos pelotudo pelotudos
        concha conchetumare conchudo ojete ojetes pinche pinches sudaca sudacas moro-de-mierda bastardo bastardos hostia tetas pito subnormal
        subnormales mongólico zángano malparido malparidos malparida gonorrea""",
    "it": """cazzo cazzi cazzata cazzate cazzone cazzoni incazzato incazzata incazzare stronzo stronzi stronza stronze stronzata stronzate merda merde
        merdoso merdosa puttana puttane puttanata puttanate troia troie troiata zoccola zoccole mignotta mignotte bagascia vaffanculo fanculo
        affanculo vaffa culo culi inculare inculato inculata culattone culattoni coglione coglioni coglionata minchia minchiata minchione fica fiche
        figa fighe sborra sborrare pompino pompini scopare scopata chiavare fottere fottuto fottuta fottiti bastardo bastardi bastarda
        frocio froci finocchio ricchione ricchioni checca negro negri negra terrone terroni zingaraccio porco-dio porcodio dio-cane
        porcamadonna pisciare piscio cagare cagata cagate rompicoglioni rompifiglio-di-puttana segaiolo pirla""",
    "pt": """merda merdas puta putas puto putos putaria foda fodas foder fodido fodida fodase foda-se fode caralho caralhos porra porras cacete
        buceta bucetas boceta xoxota xota piroca pirocas rola pau-no-cu cu cuzão cuzões arrombado arrombada arrombados viado viados
        veado bicha bichas boiola boiolas sapatão paneleiro paneleiros filho-da-puta fdp vsf vtnc vai-tomar-no-cu desgraçado desgraçada corno
        cornos babaca babacas otário otários vagabunda vagabundas piranha piranhas vadia vadias cagar cagada cagado cagão bosta bostas
        punheta punheteiro broxa cabrão cabrões conas cona crioulo crioulos macaco-preto retardado retardados mongoloide escroto escrota""",
    "nl": """kut kutten kutwijf kutzooi kutding kutkind klote klootzak klootzakken kloten lul lullen lulletje  hoer hoeren hoerenzoon
        hoerenjong slet sletten sletje teef teven trut trutten neuken neuk neukt geneukt neuker fuck fucking fucken shit schijt schijten
        schijterd stront strontzak godverdomme godver gvd verdomme tering teringlijer teringwijf tyfus tyfuslijer kanker kankerlijer kankerhoer
        kankeren pleuris pleurislijer mongool mongolen mongooltje debiel debielen flikker flikkers homofiel mietje mietjes 
        neger negers nikker nikkers zwartjoekel kutmarokkaan spleetoog roetmop bastaard  tieten kontneuker
        aars aarsgat rukker rukkers zeikerd zeiken zeikwijf achterlijke sukkel""",
}  # fmt: skip

"""Which characters belong to which class of English tokens, and what is cut otherwise than by rule.

The classes and exceptions are those of spaCy's English tokeniser and of datatrove's filters, named in NOTICE. A class is written as runs of
code points: the step from the run before, `:` and what follows its first one; a `/` takes every second. Numbers have base 36.
"""

LETTERS = """
    1t:p 7:p 1c b 5 6:m 2:u 2:cp 5:b f:4 8:1/ 3m:4 2:1 3:3 2 7:1/ 1:1 2:1/ 1:i 2:2a 2:3u 9:4l 2:11 3 7:14 20:q 5:3 1a:16 10:1 2:2q 2 g:1 8:1 b:2
    3 h:1/ 1:s u:2g c p:w a:1 5 6:l 5 a 4 o:o 8:a 6:n 2:5 i:15 1n:1h 4 j 8:9 g:f 5:7 3:1 3:l 2:6 2 4:3 4 h e:1 2:2 f:1 b 9:5 5:1 3:l 2:6 2:1 2:1
    2:1 w:3 2 k:2 h:8 2:2 2:l 2:6 2:1 2:4 4 j g:1 o c:7 3:1 3:l 2:6 2:1 2:4 4 v:1 2:2 g i:1/ 1:4 4:2 2:3 4:1 2:1/ 1 4:1 4:2 4:b n 1h:7 2:2 2:m
    2:f 4 r:2 3 3:1 v 5:7 2:2 2:m 2:9 2:4 4 w:1 2:1 g:1 i:8 2:2 2:14 3 h 6:2 9:2 p:5 6:h 4:n 2:8 2 3:6 1n:1b 2:1 d:6 1n:1 2:1/ 1:3 2:n 2:1/ 1:8
    2:1 a 3:4 2 m:3 x 1s:7 2:z s:4 38:16 l h:5 5:3 4 4:1 8:2 5:c d i:11 2 6 3:16 2:98 2:3 3:6 2:1/ 1:2 3:14 2:3 3:w 2:3 3:6 2:1/ 1:2 3:e 2:1k
    2:3 3:1u 12:f h:2d 3:5 4:h7 3:g 2:p 6:22 7:7 8:h e:i f:h f:c 2:2 g:1f 10 5 1w:2g 8:4 3:x 2 6:1x b:u 1e:t 3:4 c:17 5:p 1j:m a:1g 2b 2m:1a i:7
    1j:t e:1 b:17 r:z 16:2 b:z 3:8 8:16 3:2 16:3 2:5 2:1 4 6:5b 1t:7p 3:5 3:11 3:5 3:7 2:3/ 1:t 3:1g 2:6 2 4:2 2:6 4:3 3:5 5:c 6:2 2:6 39 e h:c
    2u 5 3:9 2 4:4 7:3/ 1:2 2:a 3:3 6:4 5 1h:1 22k:6c 7:3 4:1 d:11 2 6 3:1j 8 h:m a:6 2:6 2:6 2:6 2:6 2:6 2:6 2:6 29 d2:1 17:4 6:1 5:2d 7:2 2:2h
    2:3 6:16 2:2l i:v 1d:f e9:533 1t:h3g 1w:19 3:7g 4:f b:1 l:1a h:u 3:1x 1e:8 3:2u 3:1r 6:1 2:1/ 1:3 p:f 2:2 2:3 2:m u:1f f:1d 1r:5 4:1/ 1 c:r
    b:m q:s 8:1a t h:4 2:9 b:4 2:14 o:2 2:7 l:m 4 4:1d 2 4:1 3:4 3:1/ p:2 3:a 8:2 d:5 3:5 3:5 a:6 2:6 2:16 2:d 7:36 u:8mb d:m 5:1c 6it:a5 3:2x
    13:6 d:4 6:1/ 1:8 2:c 2:4 2:1/ 1:1/ 1:1/ 1:2y y:a2 j:1r 3:1h 15:b 39:4 2:3q 11:p 7:p c:2g 4:5 3:5 3:5 3:2 10:b 2:p 2:i 2:1 2:e 3:d z:3e au:s
    4:1c 1c:v e:j 2:7 7:11 b:t 3:z 5:7 1d:4d j:z 5:z 5:13 9:1f d:a 2:e 2:6 2:1 2:a 2:e 2:6 2:1 1w:8m a:l b:7 p:5 2:15 2:8 1y:5 3:1/ 1:16 2:1 4
    3:m b:m a:u 1u:i 2:1 b:l b:p 1z:1j 7:1 1t g:3 2:2 2:s 17:s 4:s 10:7 2:r s:1h b:l b:i e:h 33:20 1k:1e e:1e e:z 9p:15 7:1 27:s b 9:l 17:h 1b:k
    s:m d:1g 1m:1 3 e:18 x:o r:z u 3 9:y 4 d:1b f:3 m:1/ 10:h 2:o 2d:6 2:1/ 1:2 2:e 2:9 8:1a 13:7 3:1 3:l 2:6 2:1 2:4 4 j d:4 4f:1g j:3 l:2 v:1b
    l:1 2 55:1a 16:3 11:1b l 1o:16 e 20:q 12:6 56:17 39:1r w:7 3 3:7 2:1 2:n g:1/ 2n:7 3:12 h:1/ t b:13 8 m c:19 k j:20 7c:8 2:10 i 1e:t 35:6
    2:1 2:11 m q:5 2:1 2:v f 94:i 5a 28:pl 6f:5f 219:2o g:tq 34i:g6 6nu:fs 8:u i:26 i:t j:1b h:3 w:k 6:i j5:1r 3l:22 6 1v:c 1t:1 2 t:4qf 9:yd
    17:8 6w8:3 2:6 2:1 2:82 1a:2 i:3 9:az 1s5:2y 6:c 4:8 8:9 4mf:2c 2:1y 2:1 3 3:1 3:3 2:b 2:1/ 1:5 2:1s 2:3 3:7 2:6 2:r 2:3 2:4 2 4:6 2:9f 3:o
    2:o 2:u 2:o 2:u 2:o 2:u 2:o 2:u 2:o 2:7 1f9:u de:18 b:6 h 8y:t j:17 z9:6 2:3 2:1 2:e 2:5g 1o:1v 8 xh:3 2:q 2:1 2 3:1/ 1:8 2:3 2:1/ 7 5:3/
    1:1 2:1 2 3:5/ 1:1/ 3:3 2:6 2:3 2:3 2:1/ 1:8 2:g 6:2 2:4 2:g 3et:wyn x:37c 8:65 3:4g1 f:5rk 2e8:f1 15v:3t6
"""
MARKS = """
    x:2 2:5 2:3 b:1 4:1 r:2 2 s:1/ 10 6 4 b:1 4 4 jj 9 cz:5 16:1 1g:1/ 3 3 19:1 l:1 2:1 e:1/ 1:1 23:3 2v 18:d 6i:2 1j:e w 7a:1 b 3x 3d 3e av d
    a8 2j b:1 4p:e 2 12:3 20 23:4 5:1 34:5 4s h1:8 48 ha 19:1 27:2 20:1 4e:2 2:2 12:a 8q:1 61:1 3l:6 2:5 4t:6 t:1 3i:3 1o:4 1r:1 1t:7 c n1:n 9:j
    2:c 2:b v:1 f:1 hm:3 u:1 u6:d 28:1 w:9 b8:l 1s:3 x:1 l8:3 2:1 35 40:1a 2:v 3:b bo:2 5:9 3:b h d 2r 2j mwz:1 7i:2 2s b 38:5 al:3 2f:1 15:2 2
    1e:1 1c 2q:c h:1 3h:3 3j:1 h:1 6y g2b:1 5t:9 n:y 2:d 2 5:1/ 1 46:2 2:5 2:3 b:1 4:1 r:2 2 s:2/ 1:5 bf:2 il 1d bj ko 5k w 7l:8 13 35:6 1v:6
    2i:3 lt 4o:4 19:3 5a:6 32:1 2:3 3j:3 1d:1 28:3 5 e:1/ 1:1 2h:5 30 bm:4 b:1 2 2x 6z:m 2y:2 t:c 25 3n:2 71 7d:2 4c 2l:7 2c:2 2:4 bj:4 17:1
    hy:1 7b vl:4 29p:1 bjw:1 3q 1u:4 9 nn:3 94 f5p 5wo:4 2xf:1
"""
LOWER = """
    2p:p 2t:n 2:7 2:r/ 1:8/ 1:n/ 3:2/ 1:1 3:1/ 3 4:1 5 3 4:2 3 3:2/ 3:1/ 1:1/ 3 4:1/ 3:1 3:2 7 3 3:8/ 1:9/ 1 3:1/ 4:t/ 1:5 3 3:1 2 5:4/ 1:2n
    71:3 2:o 3:2 2q:x 2:7 2:1 1g 6 c c c u g 4o:2r 18:16 10:2v g:q 29:1b 81:t 1v:73 ap:an 3l:3j ld:hr 1vl:11 1y:c 2:x 2v:22/ 1:7 2:1c/ 2n6 4:1
    2:2/ 5:1/ 1:1/ 1:4 ed:9r h:7j 5d:1b h:5hb 1t:g73 1es:6/ 1:1 2:v/ 1:6 2:1/ 3:4/ 5:1/ 3:1/ 1:1 2:9/ 6 6:2/ 1t mu:16 6:4 4c:8mn 6kx:e7 u:44
    y:a2 j:3b 15:b 1h:v x:3w 1x:p 1b52:57 n9:73 2kh:wyn x:dm7 2dt:f3
"""
UPPER = """
    1t:p 2u:m 2:6 y:r/ 3:7/ 3:n/ 1:2/ 4:1 2:1/ 1:1/ 1:1 3:3 2:1 2:2 4:1 2:1 2:2/ 1:1/ 3:1/ 1:1/ 1:1 2:1/ 1 4 8 3 3 3:7/ 3:8/ 3 3:1/ 1:1 2:s/ 8:1
    2:1 3:1/ 1:2 2:3/ 8o:1/ 1:1 2:1/ 1:1/ 1:n 2f:1 2:7 2:1 3:v 2p 6 c c c u g 4p:2r 18:16 10:2v g:q 29:1b 81:t 1v:73 ap:an 3l:3j ld:hr 22p:22/
    a:1c/ 2n6:1/ 1:1 3:3/ 1:2 2 3 9:1 e9:9r h:7j 5d:1b h:5hb 1t:g73 1er:6/ 4:u/ b:2/ 1:4/ 5:1/ 3:1/ 4:a/ 1:3 2:4 2:1/ ug:8mn 6kx:e7 u:44 y:a2
    j:3b 15:b 1h:v x:3w 11:p 1b5y:57 n9:73 2kh:wyn x:dm7 2dt:f3
"""
ICONS = """
    4m 3 5:1/ r6 7f:1 3k:1 5r b k:1 6w ec ae 3n:5 2 3p 5s 16 aw:2 g:1/ 1:1 3:5 l:2/ 3q:7 2:5 2:1 6:3 5i:1 kx:9 147 4e:x 9u:9 a:8 138:1 2:3 2:1
    b:1/ 1 7:5 2:2/ 5 c:1 f:1/ 1:1/ 1n:1 a:4 3:3 2:1 2:1 2:6 2:u 3:1 2:1/ 1:t 7h:7 5:j 3:6 3:28 2:t q:13 7:1w q:a 2a:25 n:52 2:8 2:1h 9:32 2:6v
    19:17 1t:73 e9:1b m:1 7:12 3:v 3:1c 2:1g 6f:5 ba:p 2:2g d:5x r:b 9 e:1 d m:1 7:1 9d:1 5:9 x:z t:u c:t 9 g:v b:12 g:1q 2:73 535:1r h3l:1i
    o2:3 b:1 2 fy:2 ghw dj 4 5:1 e:1 8q:8 1m:g 3:2 2:b 5 1c:18 1a3:1 gg 2gn gl9:3 6 g2f 3tw:6t b:12 3:1n 6:2 n:1 8:t 5:1m o:1t 4 57:2e x6:e7
    1k:3 1f:7 2:d 2:1 3l2 no:17 5:2r d:e 3:e 2:e 2:10 r:2j 5:1o 1m:s e:17 5:8 8:1 f:5 4b:6y 6:k4 c:c 4:9 7:37 d:2g 14:b 5:1j 9:9 7:13 9:t 2b:b
    5:1a 2:1c 3:3 4:1/ 1:11 e:9 7:2 e:1b 2p:d
"""
TERMINAL = """
    x d h 11m 44:2 51 18:2 6v 1q:1/ 4:1 86:1 1d1:1 lz 5:1 li 5j:1 4e:2 3:1 15 6 8r:1 9v:3 4v:1 3:1 u:1 59:1 1u:1 ql:1 a:2 2qt e n:1 by n3x 7j:1
    6c 4 an:1 2f:1 2o 49:1 44:2 41:1 6y g9z 4:1 4q d h 1u 25x:1 zi:4 19:3 5a:1 3a:3 3k:2 3m:1 7 h:1 2h:1 2:1 31 bm:1 ae:1 6:e 2y:1 6y:2 ee:1/
    70:1 2g:1 bp:1 j9:1 23:1 eui:1 3q 1u:1 c no fev 5wp
"""
STOPS = """
    x d h 11m 46 51 18:2 6v a3:1 1d1:1 lz 5:1 li 5j:1 5p 6 8r:1 9v:3 4v:1 3:1 64:1 1u:1 ql:1 a:2 2qt e cm n3x 7j:1 6c 4 an:1 2f:1 2o 49:1 44:2
    41:1 6y g9z 4:1 4q d h 1u 25x:1 168:1 3a:3 3k:2 3m:1 7 h:1 2h:1 2:1 31 bm:1 ae:1 6:e 2y:1 6y:2 lg:1 2g:1 bp:1 ffw:1 3q 1u:1 c g2j 5wp
"""
QUOTES = "\"',`«´»‘’‚“”„〈〉⟦⟧〈〉《》「」『』【】〔〕（）"
OUTER = "!#&()*:;<>?[]_{}¡·¿،؛؟٪۔।…、。！，：；？～"  # cut off at either end of a chunk, as quotes and icons are
DASHES = "—–"  # cut off too, but no full stop is cut off behind them
CURRENCIES = "$£€¥฿₽﷼₴₠₡₢₣₤₥₦₧₨₩₪₫₭₮₯₰₱₲₳₵₶₷₸₹₺₻₼₾₿"
BEFORE_STOP = "%+-|²"  # a full stop is cut off behind them, as behind small letters, digits, quotes and what is cut off itself
SYMBOLS = (
    "\"#$%&'()*+,-/:;<=>@[\\]^_`{|}~«´»–—’“”„…∶━►、〈〉《》「」【】％（），１：；～"  # with control characters and full stops: no words by themselves
)
UNITS = """
    km km² km³ m m² m³ dm dm² dm³ cm cm² cm³ mm mm² mm³ ha µm nm yd in ft kg g mg µg t lb oz m/s km/h kmh mph hPa Pa mbar mb MB kb KB gb GB tb
    TB T G M K % км км² км³ м м² м³ дм дм² дм³ см см² см³ мм мм² мм³ нм кг г мг м/с км/ч кПа Па мбар Кб КБ кб Мб МБ мб Гб ГБ гб Тб ТБ тбكم كم²
    كم³ م م² م³ سم سم² سم³ مم مم² مم³ كم غرام جرام جم كغ ملغ كوب اكواب
"""
# `·` is where a token ends; with a capital as well, and with `’` for `'`
CONTRACTIONS = r"""
    ai·n't ai·nt are·n't are·nt c'm·on can·not ca·n't ca·n't·'ve ca·nt ca·nt·ve co. could·'ve could·n't could·n't·'ve could·nt could·nt·ve
    could·ve dare·n't dare·nt did·n't did·n't·'ve did·nt did·nt·ve does·n't does·n't·'ve does·nt does·nt·ve doin doin' do·n't do·n't·'ve do·nt
    do·nt·ve e.g. goin goin' gon·na got·ta had·n't had·n't·'ve had·nt had·nt·ve has·n't has·nt have·n't have·nt havin havin' he·'d he·'d·'ve
    he·'ll he·'ll·'ve he·'s he·d he·d·ve he·ll·ve he·s how·'d how·'d·'ve how·'d·'y how·'ll how·'ll·'ve how·'re how·'s how·'ve how·d how·d·ve
    how·ll how·ll·ve how·re how·s how·ve i.e. is·n't is·nt it·'d it·'d·'ve it·'ll it·'ll·'ve it·'s it·d it·d·ve it·ll it·ll·ve i·'d i·'d·'ve
    i·'ll i·'ll·'ve i·'m i·'m·a i·'ve i·d i·d·ve i·ll·ve i·m i·m·a i·ve let·'s lovin lovin' ma'am may·n't may·n't·'ve may·nt may·nt·ve might·'ve
    might·n't might·n't·'ve might·nt might·nt·ve might·ve must·'ve must·n't must·n't·'ve must·nt must·nt·ve must·ve need·n't need·n't·'ve
    need·nt need·nt·ve nothin nothin' not·'ve not·ve nuthin nuthin' o'clock o.O o.o o_O o_o ol ol' ought·n't ought·n't·'ve ought·nt ought·nt·ve
    sha·n't sha·n't·'ve sha·nt sha·nt·ve she·'d she·'d·'ve she·'ll she·'ll·'ve she·'s she·d·ve she·ll·ve she·s should·'ve should·n't
    should·n't·'ve should·nt should·nt·ve should·ve somethin somethin' that·'d that·'d·'ve that·'ll that·'ll·'ve that·'s that·d that·d·ve
    that·ll that·ll·ve that·s there·'d there·'d·'ve there·'ll there·'ll·'ve there·'re there·'s there·'ve there·d there·d·ve there·ll there·ll·ve
    there·re there·s there·ve these·'d these·'d·'ve these·'ll these·'ll·'ve these·'re these·'ve these·d these·d·ve these·ll these·ll·ve these·re
    these·ve they·'d they·'d·'ve they·'ll they·'ll·'ve they·'re they·'ve they·d they·d·ve they·ll they·ll·ve they·re they·ve this·'d this·'d·'ve
    this·'ll this·'ll·'ve this·'s this·d this·d·ve this·ll this·ll·ve this·s those·'d those·'d·'ve those·'ll those·'ll·'ve those·'re those·'ve
    those·d those·d·ve those·ll those·ll·ve those·re those·ve was·n't was·nt were·n't were·nt we·'d we·'d·'ve we·'ll we·'ll·'ve we·'re we·'ve
    we·d we·d·ve we·ll·ve we·ve what·'d what·'d·'ve what·'ll what·'ll·'ve what·'re what·'s what·'ve what·d what·d·ve what·ll what·ll·ve what·re
    what·s what·ve when·'d when·'d·'ve when·'ll when·'ll·'ve when·'re when·'s when·'ve when·d when·d·ve when·ll when·ll·ve when·re when·s
    when·ve where·'d where·'d·'ve where·'ll where·'ll·'ve where·'re where·'s where·'ve where·d where·d·ve where·ll where·ll·ve where·re where·s
    where·ve who·'d who·'d·'ve who·'ll who·'ll·'ve who·'re who·'s who·'ve who·d who·d·ve who·ll who·ll·ve who·s who·ve why·'d why·'d·'ve why·'ll
    why·'ll·'ve why·'re why·'s why·'ve why·d why·d·ve why·ll why·ll·ve why·re why·s why·ve would·'ve would·n't would·n't·'ve would·nt
    would·nt·ve would·ve wo·n't wo·n't·'ve wo·nt wo·nt·ve xD xDD you·'d you·'d·'ve you·'ll you·'ll·'ve you·'re you·'ve you·d you·d·ve you·ll
    you·ll·ve you·re you·ve
"""
AS_THEY_STAND = r"""
    ' '' 'Cause 'Cos 'Coz 'Cuz 'S 'bout 'cause 'cos 'coz 'cuz 'd 'em 'll 'nuff 're 's (*_*) (-8 (-: (-; (-_-) (._.) (: (; (= (>_<) (^_^) (o:
    (¬_¬) (ಠ_ಠ) (╯°□°）╯︵┻━┻ )-: ): -_- -__- ._. 0.0 0.o 0_0 0_o 10·a.m. 10·am 10·p.m. 10·pm 11·a.m. 11·am 11·p.m. 11·pm 12·a.m. 12·am 12·p.m.
    12·pm 1·a.m. 1·am 1·p.m. 1·pm 2·a.m. 2·am 2·p.m. 2·pm 3·a.m. 3·am 3·p.m. 3·pm 4·a.m. 4·am 4·p.m. 4·pm 5·a.m. 5·am 5·p.m. 5·pm 6·a.m. 6·am
    6·p.m. 6·pm 7·a.m. 7·am 7·p.m. 7·pm 8) 8-) 8-D 8D 8·a.m. 8·am 8·p.m. 8·pm 9·a.m. 9·am 9·p.m. 9·pm :'( :') :'-( :'-) :( :(( :((( :() :) :))
    :))) :* :-( :-(( :-((( :-) :-)) :-))) :-* :-/ :-0 :-3 :-> :-D :-O :-P :-X :-] :-o :-p :-x :-| :-} :/ :0 :1 :3 :> :D :O :P :X :] :o :o) :p :x
    :| :} ;) ;-) ;-D ;D ;_; <.< </3 <3 <33 <333 <space> =( =) =/ =3 =D =[ =] =| >.< >.> >:( >:o ><(((*> @_@ Adm. Ak. Ala. Apr. Ariz. Ark. Aug.
    Bros. C++ Calif. Colo. Conn. Corp. D.C. Dec. Del. Dr. E.G. Feb. Fla. Ga. Gen. Gov. I.E. Ia. Id. Ill. Inc. Ind. Jan. Jr. Jul. Jun. Kan. Kans.
    Ky. La. Ltd. Mar. Mass. Md. Messrs. Mich. Minn. Miss. Mo. Mont. Mr. Mrs. Ms. Mt. N.C. N.D. N.H. N.J. N.M. N.Y. Neb. Nebr. Nev. Nov. Oct.
    Okla. Ore. Pa. Ph.D. Prof. Rep. Rev. S.C. Sen. Sep. Sept. St. Tenn. V.V V_V Va. Wash. Wis. [-: [: [= \") \n \t ]= ^_^ ^__^ ^___^ a. a.m.
    and/or b. c. d. e. em f. g. h. i. j. k. l. ll m. n. nuff o. o.0 o_0 p. p.m. q. r. s. t. u. v. v.s. v.v v_v vs. w. w/o x. y'·all y. y·all z.
    ¯\(ツ)/¯ °·C·. °·F·. °·K·. °·c·. °·f·. °·k·. ä. ö. ü. ಠ_ಠ ಠ︵ಠ — ‘S ‘s
"""


def points(runs: str) -> list[tuple[int, int, int]]:
    """The first code point, the last and the step of each run."""
    found, place = [], 0
    for run in runs.split():
        gap, _, more = run.partition(":")
        first = place + int(gap, 36)
        step = 2 if more.endswith("/") else 1
        place = first + step * int(more.rstrip("/") or "0", 36)
        found.append((first, place, step))
    return found

"""Words that turn the meaning of a quote: negations, numbers written out, months, weekdays. Data only.

Each set holds folded keys (see :mod:`claimreg.text.fold`), built from plain spellings for Kazakh, Russian, Ukrainian,
English, German, French, Spanish and Turkish. They decide flags, never whether a quote is linked.
"""

from __future__ import annotations

from functools import cache

from claimreg.text.fold import fold_key

_NEGATIONS = """
емес жоқ жок ешқандай ешкім ешбір ештеңе ешнәрсе ешқашан ешқайда ешқайсысы мүмкінемес
emes joq joqta eshqandai eshkim eshqashan
не нет ни никогда никто ничего ничто никакой никакая никакого никаких никому никем никак нигде нельзя без отнюдь вовсе едва
нету незачем некому нечего никакие никакую никаким
ні немає ніколи ніхто нічого ніякий ніякого ніде неможна нема жоден жодного жодна
not no never none nobody nothing nowhere neither nor without cannot cant wont dont doesnt didnt isnt arent wasnt werent
hasnt havent hadnt shouldnt wouldnt couldnt mustnt neednt aint hardly scarcely barely nt
nicht kein keine keinen keinem keiner keines nie niemals niemand nichts nirgends ohne weder noch
ne pas jamais aucun aucune rien personne sans ni nulle nul non guère
no nunca nadie nada ningún ninguno ninguna sin tampoco jamás ni
değil yok hiç hiçbir asla kimse hayır olmadan
"""

_NUMBERS = """
бір екі үш төрт бес алты жеті сегіз тоғыз он жиырма отыз қырық елу алпыс жетпіс сексен тоқсан жүз мың миллион миллиард
бірінші екінші үшінші төртінші бесінші
ноль один одна одно два две три четыре пять шесть семь восемь девять десять одиннадцать двенадцать двадцать тридцать сорок
пятьдесят шестьдесят семьдесят восемьдесят девяносто сто двести триста пятьсот тысяча тысячи тысяч миллиона миллионов миллиарда
первый первая первое второй вторая второе третий третья двое трое оба обе
нуль одне дві чотири шість сім вісім девять десять сто тисяча тисяч мільйон мільйонів мільярд перший другий третій
zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen
nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred hundreds thousand thousands million millions billion
billions trillion first second third fourth fifth half twice dozen both
null eins zwei drei vier fünf sechs sieben acht neun zehn elf zwölf zwanzig dreißig vierzig fünfzig hundert tausend
million millionen milliarde milliarden erste zweite dritte halb
deux trois quatre cinq sept huit neuf dix onze douze vingt trente quarante cinquante soixante cent mille milliard premier
première deuxième troisième
cero uno dos tres cuatro cinco seis siete ocho nueve diez once doce veinte treinta cuarenta cincuenta cien ciento mil millón
millones primero primera segundo tercero
sıfır bir iki üç dört beş altı yedi sekiz dokuz on yirmi otuz kırk elli altmış yetmiş seksen doksan yüz bin milyon milyar
birinci ikinci üçüncü
"""

_DATES = """
қаңтар ақпан наурыз сәуір мамыр маусым шілде тамыз қыркүйек қазан қараша желтоқсан
дүйсенбі сейсенбі сәрсенбі бейсенбі жұма сенбі жексенбі кеше бүгін ертең
января февраля марта апреля мая июня июля августа сентября октября ноября декабря
январь февраль март апрель май июнь июль август сентябрь октябрь ноябрь декабрь
январе феврале марте апреле мае июне июле августе сентябре октябре ноябре декабре
понедельник вторник среда среду четверг пятница пятницу суббота субботу воскресенье вчера сегодня завтра
січня лютого березня квітня травня червня липня серпня вересня жовтня листопада грудня
січень лютий березень квітень травень червень липень серпень вересень жовтень листопад грудень
понеділок вівторок середа середу четвер пятниця пятницю субота суботу неділя неділю вчора сьогодні завтра
january february march april june july august september october november december
jan feb mar apr jun jul aug sep sept oct nov dec
monday tuesday wednesday thursday friday saturday sunday yesterday today tomorrow
januar februar märz april mai juni juli august september oktober november dezember
montag dienstag mittwoch donnerstag freitag samstag sonnabend sonntag gestern heute morgen
janvier février mars avril juin juillet août septembre octobre novembre décembre
lundi mardi mercredi jeudi vendredi samedi dimanche hier demain
enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre
lunes martes miércoles jueves viernes sábado domingo ayer hoy mañana
ocak şubat mart nisan mayıs haziran temmuz ağustos eylül ekim kasım aralık
pazartesi salı çarşamba perşembe cuma cumartesi pazar dün bugün yarın
"""

_NEGATING_PREFIXES = "не ні без бес un in im ir il non dis anti бей na ohne ent miss mis"
_NEGATING_SUFFIXES = "сыз сіз nt сызсыз los less sız siz suz süz siz"
_NEGATING_INFIXES = "ма ме ба бе па пе май мей бай бей пай пей ma me mı mi mu mü"


@cache
def negations() -> frozenset[str]:
    """Words that deny by themselves (not, жоқ, никогда)."""
    return _keys(_NEGATIONS)


@cache
def numbers() -> frozenset[str]:
    """Numbers written out in words."""
    return _keys(_NUMBERS)


@cache
def dates() -> frozenset[str]:
    """Months, weekdays and the days around today."""
    return _keys(_DATES)


@cache
def negating_prefixes() -> frozenset[str]:
    """Syllables that deny when put before a word (un-, не-)."""
    return _keys(_NEGATING_PREFIXES)


@cache
def negating_suffixes() -> frozenset[str]:
    """Syllables that deny when put behind a word (-less, -сыз, n't)."""
    return _keys(_NEGATING_SUFFIXES)


@cache
def negating_infixes() -> frozenset[str]:
    """Syllables that deny when put behind the stem of a Turkic verb (жаса-ма-ған)."""
    return _keys(_NEGATING_INFIXES)


def _keys(spellings: str) -> frozenset[str]:
    return frozenset(map(fold_key, spellings.split()))

"""The words that can be drawn, by what they are drawn as."""

import re

PLACES: dict[str, str] = {
    "street": "street streets city town avenue downtown sidewalk pavement traffic boulevard crossing shop market",
    "alley": "alley alleyway backstreet lane",
    "rooftop": "rooftop roof rooftops skyline balcony terrace",
    "road": "road highway motorway roadside freeway route",
    "forest": "forest wood woods jungle trees grove woodland",
    "field": "field fields meadow prairie countryside grass plain plains battlefield hill hills",
    "park": "park garden playground yard backyard square courtyard",
    "mountain": "mountain mountains peak summit canyon valley rocks cave",
    "desert": "desert dunes dune sand wasteland",
    "beach": "beach shore seaside coast ocean sea waves surf island lake river",
    "harbour": "harbour harbor pier dock docks port jetty quay marina",
    "cliff": "cliff cliffs bluff headland",
    "snowfield": "snowfield glacier ice arctic tundra ski",
    "village": "village hamlet cottage cottages house home suburb porch",
    "farm": "farm barn ranch farmhouse stable",
    "station": "station platform railway subway metro",
    "bridge": "bridge overpass viaduct",
    "graveyard": "graveyard cemetery grave graves funeral",
    "castle": "castle fortress palace ruins tower",
    "space": "space planet moon galaxy orbit asteroid mars",
    "living room": "living lounge parlour parlor apartment flat sofa couch room",
    "bedroom": "bedroom bed hotel motel",
    "kitchen": "kitchen stove fridge dining",
    "office": "office desk study boardroom bank newsroom precinct",
    "bar": "bar pub saloon tavern nightclub club",
    "cafe": "cafe café restaurant diner bistro coffeehouse canteen",
    "corridor": "corridor hallway hall hallways corridors stairwell staircase stairs elevator lobby",
    "hospital": "hospital ward clinic surgery infirmary",
    "classroom": "classroom school lecture class blackboard",
    "church": "church chapel cathedral temple altar",
    "laboratory": "laboratory lab",
    "warehouse": "warehouse hangar garage factory workshop basement cellar attic",
    "cell": "cell prison jail dungeon",
    "train": "carriage compartment wagon",
    "spaceship": "cockpit starship",
    "car": "windscreen windshield backseat dashboard",
}
INDOORS = frozenset(list(PLACES)[list(PLACES).index("living room") :])
HOURS = {
    "night": "night midnight moonlight moonlit nighttime",
    "dusk": "dusk sunset evening twilight sundown",
    "dawn": "dawn sunrise morning daybreak",
    "day": "day noon afternoon daylight midday daytime sunny sunlight",
}
WEATHERS = {
    "storm": "storm stormy thunder lightning thunderstorm tempest",
    "rain": "rain rainy raining drizzle downpour wet",
    "snow": "snow snowy snowing blizzard snowfall winter",
    "fog": "fog foggy mist misty haze smoke smoky",
    "grey": "overcast cloudy clouds grey gray gloomy",
    "wind": "wind windy",
}
SIZES = (
    ("insert", r"\binsert\b|\bdetail\b"),
    ("extreme close-up", r"extreme close[- ]?up|\becu\b|\bxcu\b"),
    ("medium close-up", r"medium close[- ]?up|\bmcu\b|head and shoulders"),
    ("close-up", r"close[- ]?up|\bcu\b|\bclose on\b|\bportrait\b|\bher face\b|\bhis face\b|\bclose shot\b"),
    ("extreme wide", r"extreme wide|\bews\b|\bestablishing\b|\baerial\b|\bpanorama\b|\bvista\b|extreme long|very wide"),
    ("medium wide", r"medium wide|\bmws\b|medium long|\bcowboy\b|\bamerican shot\b|knee shot"),
    ("medium", r"\bmedium\b|\bms\b|waist|\bmid shot\b|two[- ]shot"),
    ("wide", r"\bwide\b|\bws\b|full shot|\bfull\b|long shot|\bmaster\b"),
)
ANGLES = (
    ("overhead", r"overhead|bird'?s[- ]eye|top shot|top[- ]down|god'?s eye|drone|aerial"),
    ("high", r"high[- ]angle|from above|looking down"),
    ("low", r"low[- ]angle|from below|worm'?s[- ]eye|looking up"),
    ("dutch", r"dutch|canted|tilted frame"),
    ("over the shoulder", r"over[- ](the[- ])?shoulder|\bots\b|over (his|her|their) shoulder"),
)
MOVES = (
    ("push-in", r"push(es|ing)?[- ]in|dolly in|zoom(s|ing)? in|move(s)? in|track in|creep(s|ing)? in"),
    ("pull-out", r"pull(s|ing)?[- ](out|back)|dolly (out|back)|zoom(s|ing)? out"),
    ("truck-left", r"truck(s|ing)? left|track(s|ing)? left|slide(s)? left|dolly left"),
    (
        "truck-right",
        r"truck(s|ing)?( right)?\b(?! drives)|track(s|ing)? right|slide(s)? right|dolly right|tracking shot|\balongside\b",
    ),
    ("pan-left", r"pan(s|ning)? left"),
    ("pan-right", r"pan(s|ning)?( right)?\b"),
    ("tilt-up", r"tilt(s|ing)? up|crane(s)? up"),
    ("tilt-down", r"tilt(s|ing)? down|crane(s)? down"),
    ("handheld", r"hand[- ]?held|shaky|documentary"),
    ("static", r"\bstatic\b|locked[- ]off|still camera"),
)
POSES = {
    "run": "gallops run runs running flees fleeing chase chases chasing sprint sprints escapes races rush rushes",
    "walk": "walk walks walking strolls wander wanders approaches approach enters enter leaves leave crosses steps marches follows paces",
    "sit": "sit sits sitting seated sat drives driving drive eats eating drinks rests waits-seated",
    "talk": "talk talks talking speaks says argue argues arguing explains tells discuss shouts shout yells whispers sings",
    "point": "point points pointing",
    "wave": "wave waves waving greets greet",
    "phone": "phone phones calls telephone dialing cellphone",
    "kneel": "kneel kneels kneeling prays pray proposes",
    "crouch": "crouch crouches crouching hides hide hiding sneaks sneak",
    "lie": "lie lies lying sleeps sleep sleeping asleep unconscious dead corpse body",
    "hands-up": "surrender surrenders cheers cheer cheering celebrates",
    "hug": "hug hugs hugging embrace embraces kiss kisses kissing",
    "fight": "fight fights fighting punches punch attacks attack boxing struggle",
    "carry": "carry carries carrying holds holding hold",
    "aim": "aim aims aiming shoots shoot",
    "read": "read reads reading writes writing studies",
    "dance": "dance dances dancing",
    "fall": "fall falls falling stumbles trips",
    "ride": "ride rides riding rider",
    "bow": "bow bows mourn mourns grieves",
}
MOODS = {
    "happy": "happy smiles smile smiling laughs laughing laugh joy joyful delighted grin grins cheerful",
    "sad": "sad cries crying cry tears weeps tearful grief lonely mourns sorrow",
    "angry": "angry furious rage shouts yells glares anger argues angrily",
    "afraid": "afraid scared fear terrified frightened panic horror nervous worried anxious",
    "surprised": "surprised shocked surprise astonished gasps amazed stunned",
    "asleep": "asleep sleeps sleeping unconscious dead",
    "talk": "says speaks talks talking tells explains whispers sings",
}
THINGS = {
    "police car": "patrol squad cruiser",
    "taxi": "taxi cab taxis",
    "car": "car cars automobile sedan vehicle",
    "truck": "truck lorry van trucks",
    "bus": "bus coach",
    "bicycle": "bicycle bike cyclist bikes",
    "motorcycle": "motorcycle motorbike biker",
    "train": "train trains locomotive",
    "plane": "plane airplane aeroplane jet aircraft",
    "helicopter": "helicopter chopper",
    "boat": "boat sailboat boats yacht dinghy sail",
    "ship": "ship ships steamer vessel ferry",
    "spaceship": "spaceship rocket ufo spacecraft shuttle",
    "horse": "horse horses pony stallion",
    "dog": "dog dogs puppy hound",
    "cat": "cat cats kitten",
    "cow": "cow cows cattle bull",
    "deer": "deer stag",
    "wolf": "wolf wolves",
    "bear": "bear",
    "elephant": "elephant elephants",
    "birds": "bird birds gulls gull seagull seagulls crow crows pigeons raven ravens",
    "fish": "fish shark",
    "robot": "robot android robots droid",
    "lighthouse": "lighthouse",
    "campfire": "campfire bonfire",
    "fire": "fire flames burning explosion burns",
    "tent": "tent camp",
    "sign": "sign signpost billboard",
    "crate": "crate crates box boxes",
    "suitcase": "suitcase bag luggage briefcase",
    "phone": "smartphone screen",
    "letter": "letter note paper map photograph envelope",
    "cup": "cup coffee mug tea glass",
    "gun": "gun pistol revolver weapon",
    "book": "book diary journal",
}
PEOPLE = {
    "woman": "woman mrs ms lady mother wife girlfriend queen actress she her waitress sister widow bride daughter aunt",
    "man": "man mr guy father husband boyfriend king actor he him waiter brother detective fisherman sailor farmer priest driver boss stranger groom son uncle thief teacher scientist",
    "girl": "girl",
    "boy": "boy kid child",
    "old man": "grandfather grandpa elder",
    "old woman": "grandmother grandma",
    "soldier": "soldier soldiers warrior knight guard",
    "officer": "officer policeman cop sheriff captain pilot",
    "doctor": "doctor nurse surgeon",
    "astronaut": "astronaut",
    "person": "person someone somebody figure silhouette hero heroine character they",
}
COLOURS = {
    "red": (172, 56, 52), "blue": (62, 96, 152), "green": (70, 118, 82), "yellow": (214, 172, 74), "black": (44, 44, 50), "white": (232, 230, 224),
    "grey": (132, 136, 142), "gray": (132, 136, 142), "brown": (120, 86, 62), "orange": (206, 120, 58), "purple": (110, 78, 128), "pink": (212, 142, 152),
    "dark": (52, 52, 60), "golden": (206, 168, 84), "beige": (198, 178, 146), "silver": (168, 172, 178),
}  # fmt: skip
GARMENTS = {
    "coat": "coat raincoat trenchcoat overcoat", "dress": "dress skirt gown", "suit": "suit tuxedo", "jacket": "jacket blazer vest",
    "shirt": "shirt blouse", "hoodie": "hoodie sweater pullover", "uniform": "uniform", "robe": "robe cloak cape",
}  # fmt: skip
HATS = {"hat": "hat fedora", "cap": "cap", "helmet": "helmet", "hood": "hooded"}
HAIR = {"long": "long", "short": "short", "bald": "bald", "bun": "bun ponytail", "bob": "bob"}
MARKS = {
    "beard": "beard bearded moustache",
    "glasses": "glasses spectacles sunglasses",
    "old": "old elderly aged",
    "young": "young little teenage teenager",
}
HAIR_TONES = {
    "blonde": (206, 172, 110),
    "blond": (206, 172, 110),
    "redhead": (160, 84, 52),
    "brunette": (84, 60, 48),
    "white-haired": (206, 204, 200),
}
NUMBERS = {
    "two": 2,
    "couple": 2,
    "both": 2,
    "pair": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "group": 4,
    "crowd": 6,
    "team": 4,
    "family": 4,
    "people": 2,
    "friends": 2,
    "men": 2,
    "women": 2,
    "children": 3,
    "kids": 3,
    "soldiers": 3,
    "several": 4,
}
NOBODY = re.compile(r"\bempty\b|\bdeserted\b|\babandoned\b|\bno one\b|\bnobody\b|\bnobody's\b")
QUIET = frozenset(
    ["a", "an", "the", "and", "or", "but", "of", "in", "on", "at", "to", "from", "with", "by", "for", "into", "onto", "over", "under", "up", "down", "out", "off", "as", "is", "are", "was", "were", "be", "been", "it", "its", "this", "that", "these", "those", "there", "here", "then", "than", "so", "very", "all", "some", "any", "one", "his", "her", "their", "our", "my", "your", "he", "she", "they", "we", "i", "you", "him", "them", "who", "which", "while", "when", "where", "shot", "angle", "view", "camera", "frame", "scene", "int", "ext", "i/e", "interior", "exterior", "cut", "fade", "see", "seen", "shows", "show", "we'll", "just", "still", "again", "back", "left", "right", "through", "across", "along", "behind", "before", "after", "near", "next", "beside", "between", "around", "toward", "towards", "against", "away", "slowly", "quickly", "suddenly", "slow", "continuous", "later", "same", "has", "have", "had", "do", "does", "not", "no", "if", "can", "could", "will", "would", "look", "looks", "looking", "turn", "turns", "stand", "stands", "standing", "wait", "waits", "close", "closed", "far", "side", "face", "head", "eyes", "hand", "hands", "hair", "wearing", "wears", "dressed", "eye", "level", "high", "low", "wide", "medium", "long", "full", "extreme", "establishing", "master", "move", "moves", "moving", "day", "light", "dark", "new"]
)  # fmt: skip


def _index(table: dict[str, str]) -> dict[str, str]:
    return {
        word: name for name, words in table.items() for word in (*words.split(), *([name] if " " not in name else []))
    }


PLACE_OF, HOUR_OF, WEATHER_OF, POSE_OF, MOOD_OF, THING_OF, WHO_OF = map(
    _index, (PLACES, HOURS, WEATHERS, POSES, MOODS, THINGS, PEOPLE)
)
for _both in ("car", "train", "spaceship"):  # things, unless the words say inside
    PLACE_OF.pop(_both, None)
GARMENT_OF, HAT_OF, HAIR_OF, MARK_OF = map(_index, (GARMENTS, HATS, HAIR, MARKS))
WORD = re.compile(r"[A-Za-zÀ-ÿ][A-Za-zÀ-ÿ'-]*|[^\W\d_]+")

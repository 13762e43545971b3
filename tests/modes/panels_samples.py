"""A visit's states for the tests of its panels."""

import datetime
from dataclasses import replace

from vrclient.modes.panels.room import Device
from vrclient.modes.state import CloseUp, Offer, Play, Settings, Touring, VisitState
from vrclient.scene.interactives import Counter, Exhibit, Phase, Rectangle, Screen, Service, Stop, Timeline, Tour

FACE = Rectangle((0.0, 0.0, 1.5), (1.0, 0.0, 0.0), (0.0, 0.0, 1.0), (0.5, 0.4))
CAPTIONS = (
    {
        "zh": "欢迎。前面白色的建筑，就是九棵树未来艺术中心。",
        "en": "Welcome. The white building ahead is the Nine Trees Art Centre.",
    },
    {"zh": "北门前有九棵银杏。" * 17, "en": "Nine ginkgo trees stand before the north gate. " * 8},
    {"zh": "水上舞台由一条堤道与岸相连。", "en": "A causeway joins the water stage to the shore."},
)
TOUR = Tour("first", {"zh": "初次到访", "en": "A first visit"}, tuple(Stop((0, 0, 0), 0, 0, 1, one) for one in CAPTIONS))
NIGHT = Tour("night", {"zh": "夜色中的艺术中心", "en": "The arts centre at night"}, TOUR.stops[:1])
YEARS = Timeline(
    {"zh": "时光", "en": "Years"},
    (
        Phase("2017-01-01", {"zh": "田野和苗圃", "en": "Fields and nurseries"}, None, "estimate"),
        Phase("2017-09-29", {"zh": "开工", "en": "Work begins"}, "scg.com.cn, 2017", "published"),
        Phase("2018-09-01", {"zh": "结构成形", "en": "The frame stands"}, "between two published dates", "estimate"),
        Phase("2019-10-25", {"zh": "开放", "en": "The centre opens"}, "opening notice", "published"),
    ),
    "2026-12-31",
)
EXHIBIT = Exhibit(
    "plan",
    {"zh": "总平面图", "en": "The site plan"},
    {"zh": "三片流线形的“花瓣”从东南向西北展开。" * 9, "en": "Three petals run from south-east to north-west. " * 12},
    FACE,
)
MODEL = Exhibit("model", {"zh": "沙盘", "en": "The model"}, {"zh": "1:500。", "en": "1:500."}, FACE, model_at=(0.0, 0.0, 0.0))
SERVICES = (
    Service(
        {"zh": "一网通办：个人事项", "en": "One-stop services for residents"},
        "https://zwdt.sh.gov.cn/govPortals/index.do",
        {"zh": "本人身份证。", "en": "Your identity card."},
        {"zh": "窗口周一至周五 9:00–11:30，13:30–17:00", "en": "Counters Monday to Friday 9:00–11:30, 13:30–17:00"},
        {"zh": "上海市奉贤区南桥镇", "en": "Nanqiao, Fengxian District, Shanghai"},
        "12345",
        "2026-05-02",
    ),
    Service({"zh": "区政府网站", "en": "The district’s site"}, "https://www.fengxian.gov.cn/", {}, {}, {}, "", "2026-05-02"),
)
COUNTER = Counter("desk", {"zh": "城市服务台", "en": "City services"}, FACE, SERVICES)
SCREEN = Screen("film", {"zh": "九棵树的一年", "en": "A year at the Nine Trees"}, FACE, subtitles={"zh": FACE})  # type: ignore[dict-item]
OFFER = Offer(
    {"zh": "奉贤城市之门", "en": "Fengxian City Gate"},
    datetime.date(2026, 6, 21),
    (TOUR, NIGHT),
    YEARS,
    back={"zh": "展厅", "en": "The exhibition hall"},
)
BARE = Offer({"zh": "空地", "en": "A field"}, datetime.date(2026, 6, 21), has_sound=False)
MANY = replace(OFFER, tours=(TOUR, NIGHT) * 6, languages=("zh", "en", "ja", "fr"))

BEGUN = VisitState("zh", datetime.date(2018, 9, 14), datetime.time(19, 20), started=True)
STATES = {
    "start": replace(BEGUN, started=False),
    "begun": BEGUN,
    "touring": replace(BEGUN, tour=Touring(TOUR, 0, 4.0)),
    "under_way": replace(BEGUN, tour=Touring(TOUR, 1)),
    "told": replace(BEGUN, tour=Touring(TOUR, 1, 9.0, playing=False)),
    "walked_off": replace(BEGUN, tour=Touring(TOUR, 1, 9.0, playing=False, here=False)),
    "dates": replace(BEGUN, dates=True),
    "timelapse": replace(BEGUN, dates=True, timelapse=True, tour=Touring(TOUR, 2, 1.0)),
    "menu": replace(BEGUN, page="menu", tour=Touring(TOUR, 0, 4.0)),
    "menu_quiet": replace(BEGUN, page="menu", settings=Settings(muted=True, mono=True, seated=True, smooth_walk=True)),
    "help": replace(BEGUN, page="help"),
    "exhibit": replace(BEGUN, close_up=CloseUp(EXHIBIT, zoom=2.0)),
    "model": replace(BEGUN, close_up=CloseUp(replace(MODEL, model=FACE), turn=1.5)),  # type: ignore[arg-type]
    "counter": replace(BEGUN, close_up=CloseUp(COUNTER)),
    "card": replace(BEGUN, close_up=CloseUp(COUNTER, card=0)),
    "bare_card": replace(BEGUN, close_up=CloseUp(replace(COUNTER, services=SERVICES[1:]), card=0)),
    "screen": replace(BEGUN, close_up=CloseUp(SCREEN), screens={"film": Play()}),
    "notice": replace(BEGUN, notice={"zh": "这部影片无法播放。", "en": "This film cannot be played."}),
}
PLACES: tuple[tuple[Device, tuple[int, int]], ...] = (
    ("headset", (1, 1)),
    ("touch", (1920, 1080)),
    ("pointer", (1280, 720)),
    ("touch", (1080, 1920)),
    ("pointer", (3840, 2160)),
    ("pointer", (1024, 768)),
)

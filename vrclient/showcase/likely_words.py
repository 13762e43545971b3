"""What people write for a kind, a key or an option before they have read the manual, in English and Chinese, and the word that
the format has for it. Proposed only where the format knows that word in that place."""

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping

KINDS: Mapping[str, tuple[str, ...]] = {
    "'water'": (
        *("lake", "pond", "river", "canal", "sea", "stream", "pool", "moat", "reservoir"),
        *("湖", "池", "池塘", "河", "水", "水面", "海", "湖泊", "水池"),
    ),
    "'scatter' with mesh: broadleaf": (
        *("tree", "wood", "forest", "grove", "park", "garden"),
        *("树", "树木", "森林", "林", "绿化", "公园", "花园"),
    ),
    "'scatter' with mesh: conifer": ("pine", "fir", "spruce", "松", "松树"),
    "'scatter' with mesh: bamboo": ("竹", "竹子", "竹林"),
    "'scatter' with mesh: willow": ("柳", "柳树"),
    "'scatter' with mesh: shrub": ("bush", "灌木"),
    "'scatter' with mesh: hedge": ("树篱", "绿篱"),
    "'scatter' with mesh: reed": ("芦苇",),
    "'scatter' with mesh: flowers": ("flower", "flowerbed", "花", "花坛"),
    "'scatter' with mesh: person": ("people", "person", "crowd", "visitor", "人", "人群", "行人"),
    "'scatter' with mesh: bench": ("bench", "seat", "长椅", "座椅", "椅子"),
    "'scatter' with mesh: bollard": ("bollard", "post"),
    "'scatter' with mesh: bin": ("litterbin", "trash", "垃圾桶"),
    "'light' for one, or 'scatter' with mesh: lamp along a path": (
        *("lamp", "lantern", "streetlight", "streetlamp", "lamppost", "spotlight", "灯", "路灯", "灯光", "照明"),
    ),
    "'building'": (
        *("house", "tower", "block", "hotel", "school", "museum", "library", "skyscraper", "highrise", "edifice", "shop"),
        *("楼", "房子", "房屋", "建筑", "大楼", "建筑物", "塔楼", "住宅"),
    ),
    "'district'": ("city", "town", "quarter", "neighbourhood", "neighborhood", "blocks", "城区", "街区", "小区"),
    "'text' for letters, or 'panel' for a board": ("sign", "signboard", "inscription", "招牌", "标牌", "标志", "牌子"),
    "'text'": ("label", "name", "title", "heading", "文字", "标题", "字"),
    "'panel'": ("board", "info", "infoboard", "information", "noticeboard", "poster", "展板", "说明牌", "面板", "信息板"),
    "'road' with an outline, or 'terrace' if it is raised": ("square", "plaza", "piazza", "pavement", "广场"),
    "'road'": ("street", "path", "way", "lane", "avenue", "footpath", "promenade", "路", "道路", "街", "街道", "步道"),
    "'terrace'": ("platform", "deck", "podium", "平台", "台地"),
    "'stairs'": ("stair", "steps", "staircase", "stairway", "楼梯", "台阶"),
    "'bridge'": ("footbridge", "桥", "桥梁", "玻璃桥"),
    "'room'": ("hall", "interior", "gallery", "展厅", "房间", "大厅"),
    "'exhibit'": (
        *("artwork", "painting", "picture", "photo", "image", "statue", "sculpture"),
        *("展品", "画", "照片", "图片", "雕塑"),
    ),
    "'model'": ("mesh", "gltf", "glb", "object3d", "模型"),
    "'screen'": ("video", "film", "movie", "tv", "monitor", "slideshow", "屏幕", "视频", "电影", "影片"),
    "'sound'": ("audio", "music", "voice", "narration", "声音", "音乐", "音频"),
    "'pillars'": ("mountain", "rock", "peak", "cliff", "山", "石柱", "山峰"),
    "'terrain'": (
        *("ground", "land", "floor", "earth", "lawn", "grass", "hill", "slope", "valley"),
        *("地形", "地面", "草地", "土地", "丘陵", "山坡"),
    ),
    "'sky'": ("cloud", "weather", "天空", "云"),
    "'mist'": ("fog", "haze", "雾", "云海"),
    "'spawn'": ("start", "startpoint", "entry", "entrance", "begin", "player", "起点", "入口", "出生点"),
    "'viewpoint'": ("view", "camera", "lookout", "viewport", "observation", "视点", "观景点", "视角", "相机"),
    "'tour'": ("route", "walk", "visit", "guide", "导览", "游览", "路线"),
    "'portal'": ("door", "gate", "link", "teleport", "传送门", "门"),
    "'counter'": ("desk", "service", "services", "qr", "qrcode", "服务台", "政务", "柜台", "二维码"),
    "'timeline'": ("history", "years", "时间线", "历史"),
}  # fmt: skip
"""What is proposed -> words for it. The kind stands in the first quotes."""

KEYS: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...] = (
    (("floors", "levels", "stories", "storys", "floorcount", "numfloors", "层数", "楼层", "层"), ("storeys",)),
    (("year", "builtin", "yearbuilt", "completed", "opened", "since", "date", "constructed", "年份", "建成", "建于"), ("built",)),
    (("removed", "until", "torndown", "gone", "拆除"), ("demolished",)),
    (("name", "label", "heading", "headline", "名称", "标题", "名字"), ("title", "text")),
    (
        ("text", "description", "content", "message", "words", "body", "info", "文字", "内容", "说明", "描述"),
        ("caption", "text", "title"),
    ),
    (("caption", "subtitle", "字幕"), ("caption", "subtitles", "text")),
    (
        ("position", "pos", "location", "coordinates", "coordinate", "coords", "place", "point", "where", "xy", "位置", "坐标"),
        ("at", "center", "start"),
    ),
    (
        ("polygon", "footprint", "corners", "points", "shape", "boundary", "border", "geometry", "ring", "轮廓", "边界"),
        ("outline", "path", "area", "along"),
    ),
    (("line", "route", "course", "polyline", "centerline", "路线", "路径"), ("path", "along")),
    (
        ("rotation", "angle", "direction", "azimuth", "yaw", "orientation", "bearing", "facing", "rotate", "朝向", "方向"),
        ("heading_deg", "look_at"),
    ),
    (("colour", "颜色", "col"), ("color",)),
    (("rooftype", "roofshape", "roofform", "屋顶"), ("roof",)),
    (("file", "filename", "src", "url", "href", "uri", "asset", "文件"), ("file", "image", "picture", "video", "still", "url")),
    (("image", "picture", "photo", "img", "texture", "图片", "照片"), ("image", "picture", "pictures", "still")),
    (("video", "film", "movie", "clip", "视频"), ("video",)),
    (("audio", "voice", "speech", "解说", "旁白"), ("narration", "file")),
    (("model", "mesh", "gltf", "glb", "模型"), ("file", "model", "mesh")),
    (("type", "category", "class", "类型", "种类"), ("kind",)),
    (("species", "plant", "thing", "what"), ("mesh",)),
    (("target", "destination", "goto", "leadsto", "showcase", "link", "目的地"), ("to",)),
    (("number", "amount", "quantity", "num", "数量"), ("count",)),
    (("distance", "gap", "interval", "间距"), ("spacing_m", "min_distance_m")),
    (("longitude", "lng", "long", "lon", "x", "经度"), ("lon_deg",)),
    (("latitude", "lat", "y", "纬度"), ("lat_deg",)),
    (("timezone", "tz", "utcoffset"), ("utc_offset_h",)),
    (("coordinatesystem", "crs", "srs", "epsg", "坐标系"), ("datum",)),
    (("height", "tall", "altitude", "高度", "高"), ("height_m", "rise_m", "level_m")),
    (("width", "breadth", "宽度", "宽"), ("width_m",)),
    (("elevation", "z", "altitude", "标高"), ("level_m",)),
    (("size", "大小", "尺寸"), ("size_m", "height_m", "width_m")),
    (("brightness", "power", "亮度"), ("intensity", "emission")),
    (("loudness", "音量"), ("volume",)),
    (("reference", "origin", "来源"), ("source",)),
    (("seconds", "duration", "stay", "时长"), ("dwell_s", "picture_s")),
    (("items", "objects", "things", "content", "entries", "元素"), ("elements",)),
    (("includes", "import", "files", "包含"), ("include",)),
    (("version", "format", "版本"), ("vrclient",)),
    (("hour", "clock", "时间"), ("time",)),
    (("day", "日期"), ("date",)),
    (("fog", "visibility", "雾"), ("haze_m",)),
    (("steps", "places", "waypoints", "站点"), ("stops",)),
    (("link", "address", "website", "qr", "网址"), ("url",)),
    (("time", "openinghours", "开放时间"), ("hours",)),
)
"""Words -> the keys that they may mean; the first that is known there is proposed."""

OPTIONS: tuple[tuple[tuple[str, ...], str], ...] = (
    (("tree", "oak", "maple", "deciduous", "树", "阔叶树"), "broadleaf"),
    (("pine", "fir", "spruce", "evergreen", "松树", "针叶树"), "conifer"),
    (("bush", "灌木"), "shrub"),
    (("streetlight", "streetlamp", "lantern", "lamppost", "light", "路灯", "灯"), "lamp"),
    (("people", "visitor", "human", "pedestrian", "人"), "person"),
    (("flower", "花"), "flowers"),
    (("seat", "长椅"), "bench"),
    (("bike", "bicycle", "bicyclerack"), "bicycle_rack"),
    (("exact", "surveyed"), "measured"),
    (("guess", "guessed", "estimated", "approximate", "unknown"), "estimate"),
    (("official", "literature", "web"), "published"),
)  # fmt: skip


def likely_kind(word: str, kinds: Collection[str], /) -> str | None:
    """What to propose for a kind's name that is none, such as `'water'`; it may say more than the kind."""
    bare = _bare(word)
    for proposal, words in KINDS.items():
        if _is_among(bare, words) and proposal.split("'")[1] in kinds:
            return proposal
    return None


def likely_key(word: str, keys: Collection[str], /) -> str | None:
    """The key that was probably meant, of those that are known there."""
    bare = _bare(word)
    for words, meant in KEYS:
        found = next((key for key in meant if key in keys), None) if _is_among(bare, words) else None
        if found is not None and found != word:
            return found
    return None


def likely_option(word: str, options: Collection[str], /) -> str | None:
    """The option that was probably meant, of those that there are."""
    bare = _bare(word)
    return next((option for words, option in OPTIONS if option in options and _is_among(bare, words)), None)


def _is_among(bare: str, words: Iterable[str]) -> bool:
    return bare in words or (bare.endswith("s") and bare[:-1] in words)


def _bare(word: str) -> str:
    return re.sub(r"[\W_]", "", unicodedata.normalize("NFKC", word)).casefold() if len(word) < 40 else ""

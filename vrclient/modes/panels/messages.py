"""What panels say by themselves, in Chinese and English; a visitor who has chosen another language reads English. What a city
writes comes from its showcase, through modes/state.said."""

import datetime

from vrclient.scene.interactives import TextByLanguage

NAMES = {
    "zh": "中文",
    "en": "English",
    "ja": "日本語",
    "ko": "한국어",
    "fr": "Français",
    "de": "Deutsch",
    "es": "Español",
    "it": "Italiano",
    "pt": "Português",
    "ru": "Русский",
}
"""Each language in its own words."""
SHORT_NAMES = {"zh": "中", "en": "EN", "ja": "日", "ko": "한"}

MESSAGES: dict[str, TextByLanguage] = {
    "loading": {"zh": "正在载入", "en": "Loading"},
    "start": {"zh": "开始导览", "en": "Start the tour"},
    "begin": {"zh": "开始", "en": "Start"},
    "alone": {"zh": "自由参观", "en": "Explore on your own"},
    "tour": {"zh": "导览", "en": "Tour"},
    "tours": {"zh": "导览", "en": "Tours"},
    "play": {"zh": "播放", "en": "Play"},
    "pause": {"zh": "暂停", "en": "Pause"},
    "next": {"zh": "下一站", "en": "Next stop"},
    "previous": {"zh": "上一站", "en": "Previous stop"},
    "rejoin": {"zh": "回到导览", "en": "Rejoin the tour"},
    "dates": {"zh": "时光", "en": "Years"},
    "help": {"zh": "帮助", "en": "Help"},
    "menu": {"zh": "菜单", "en": "Menu"},
    "close": {"zh": "关闭", "en": "Close"},
    "language": {"zh": "语言", "en": "Language"},
    "sound": {"zh": "声音", "en": "Sound"},
    "no_sound": {"zh": "这台设备没有声音，字幕照常显示。", "en": "No sound here; see the captions."},
    "mono": {"zh": "单声道", "en": "Mono"},
    "muted": {"zh": "静音", "en": "Mute"},
    "comfort": {"zh": "舒适", "en": "Comfort"},
    "seated": {"zh": "坐着看", "en": "Seated"},
    "smooth_walk": {"zh": "连续行走", "en": "Smooth walk"},
    "heights": {"zh": "登上高处", "en": "High places"},
    "place": {"zh": "位置", "en": "Place"},
    "recentre": {"zh": "摆正视线", "en": "Straighten the view"},
    "back_to": {"zh": "返回{}", "en": "Back to {}"},
    "still_there": {"zh": "您还在吗？", "en": "Are you still there?"},
    "starts_over": {"zh": "{} 秒后将为下一位访客重新开始。", "en": "The visit starts over for the next visitor in {} s."},
    "stay": {"zh": "继续参观", "en": "I am still here"},
    "touch": {"zh": "轻触屏幕开始参观", "en": "Touch the screen to begin"},
    "leave": {"zh": "结束参观", "en": "End the visit"},
    "leaves": {"zh": "再按一次 Esc 退出", "en": "Press Esc again to leave"},
    "no_more_pictures": {"zh": "已拍摄 {} 张照片，不能再拍", "en": "{} pictures taken; no more can be taken"},
    "stops": {"zh": "{} 站", "en": "{} stops"},
    "stop": {"zh": "1 站", "en": "1 stop"},
    "look": {"zh": "看", "en": "Look"},
    "move": {"zh": "走", "en": "Move"},
    "choose": {"zh": "选", "en": "Choose"},
    "look_pointer": {"zh": "按住鼠标，拖动画面", "en": "Hold the mouse button and drag"},
    "look_touch": {"zh": "手指拖动画面", "en": "Drag with one finger"},
    "look_headset": {"zh": "转头，向四周看", "en": "Turn your head"},
    "move_pointer": {"zh": "点一下地面，或按 W A S D", "en": "Click the ground, or W A S D"},
    "move_touch": {"zh": "轻点地面，走到那里", "en": "Tap the ground to go there"},
    "move_headset": {"zh": "推摇杆，指地面，松开", "en": "Push the stick, point at the floor, let go"},
    "choose_pointer": {"zh": "点一下发亮的东西", "en": "Click what lights up"},
    "choose_touch": {"zh": "轻点一下", "en": "Tap once"},
    "choose_headset": {"zh": "指着它，扣动扳机", "en": "Point at it, pull the trigger"},
    "today": {"zh": "今天", "en": "Today"},
    "timelapse": {"zh": "播放变迁", "en": "Play the years"},
    "source": {"zh": "来源：{}", "en": "Source: {}"},
    "no_source": {"zh": "来源未注明", "en": "No source given"},
    "measured": {"zh": "实测", "en": "measured"},
    "published": {"zh": "公开资料", "en": "published"},
    "estimate": {"zh": "估计", "en": "estimate"},
    "zoom": {"zh": "放大", "en": "Zoom"},
    "real": {"zh": "1:1 原大", "en": "1:1 real size"},
    "fit": {"zh": "看全图", "en": "Whole picture"},
    "fit_model": {"zh": "看整体", "en": "Whole model"},
    "turn": {"zh": "转动", "en": "Turn"},
    "bring": {"zh": "所需材料", "en": "What to bring"},
    "hours": {"zh": "开放时间", "en": "Opening hours"},
    "address": {"zh": "地址", "en": "Address"},
    "phone": {"zh": "电话", "en": "Phone"},
    "checked": {"zh": "内容核对于 {}", "en": "Checked on {}"},
    "scan": {"zh": "用手机扫码办理", "en": "Scan with your phone"},
    "nothing_typed": {"zh": "无需输入，不留信息", "en": "Nothing is typed, nothing is stored"},
    "services": {"zh": "选一项服务", "en": "Choose a service"},
    "all_services": {"zh": "全部服务", "en": "All services"},
    "again": {"zh": "重播", "en": "Again"},
    "subtitles": {"zh": "字幕", "en": "Subtitles"},
}

_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


def message(key: str, language: str, /, *values: object) -> str:
    """One of WORDS; '{}' in it are replaced by the values. Raises KeyError for a key that is not there."""
    messages = MESSAGES[key]
    return messages.get(language, messages["en"]).format(*values)


def messages(key: str, /, *values: object) -> TextByLanguage:
    """The same in all languages that are known."""
    return {language: text.format(*values) for language, text in MESSAGES[key].items()}


def language_name(language: str, /) -> str:
    """A language in its own words; its code where they are not known."""
    return NAMES.get(language, language)


def language_switch(languages: tuple[str, ...], language: str, /) -> str:
    """What the button says that leads to the next language: two of them, or the one that is shown."""
    if len(languages) == 2:
        return " / ".join(SHORT_NAMES.get(one, one.upper()) for one in languages)
    return language_name(language)


def month(date: datetime.date, language: str, /) -> str:
    """Year and month."""
    return f"{date.year} 年 {date.month} 月" if language == "zh" else f"{_MONTHS[date.month - 1]} {date.year}"


def day(iso: str, language: str, /) -> str:
    """An ISO date in words."""
    date = datetime.date.fromisoformat(iso)
    return (
        f"{date.year} 年 {date.month} 月 {date.day} 日"
        if language == "zh"
        else f"{date.day} {_MONTHS[date.month - 1]} {date.year}"
    )

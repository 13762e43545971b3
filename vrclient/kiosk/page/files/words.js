// What the page says, in Chinese and English; what commands are called comes from the stand's own table.

const WORDS = {
  enter_pin: ["请输入 PIN", "PIN"],
  enter: ["进入", "Enter"],
  leave: ["退出", "Log out"],
  other: ["English", "中文"],
  lost: ["与展台失去联系 {0} 秒：下面显示的已不可靠", "No contact with the stand for {0} s: what is below may be wrong"],
  attract: ["等待观众", "Waiting"],
  fit: ["佩戴中", "Putting it on"],
  tour: ["参观中", "Visiting"],
  last_minute: ["最后一分钟", "Last minute"],
  end: ["参观结束", "Visit over"],
  clean: ["请清洁头显", "To be cleaned"],
  closed: ["未开放", "Closed"],
  opens: ["{0} 开放", "opens {0}"],
  headset: ["头显画面", "Headset"],
  window: ["窗口画面", "Window"],
  film: ["播放影片", "Film"],
  still: ["静态图片", "Still picture"],
  message_rung: ["文字提示", "Message only"],
  picture_age: ["{0} 秒前", "{0} s ago"],
  no_picture: ["没有画面", "no picture"],
  picture_of: ["屏幕上现在的画面", "What is on the glass now"],
  since: ["自 {0}", "since {0}"],
  cleaned: ["已清洁", "Cleaned"],
  extend: ["延长 5 分钟", "5 minutes more"],
  language: ["语言", "Language"],
  volume: ["音量", "Volume"],
  message: ["屏幕留言", "Message on the glass"],
  send: ["显示", "Show"],
  take_away: ["取消留言", "Take it away"],
  this_stand: ["这个展台", "This stand"],
  showcase: ["展项", "Showcase"],
  worn: ["头显", "Headset"],
  worn_yes: ["已佩戴", "worn"],
  worn_no: ["未佩戴", "not worn"],
  unknown: ["未知", "unknown"],
  battery_headset: ["头显电量", "Headset's battery"],
  battery_left: ["左手柄电量", "Left controller"],
  battery_right: ["右手柄电量", "Right controller"],
  charging: ["充电中", "charging"],
  visits: ["今日参观", "Visits today"],
  visits_of: ["{0} 次，{1} 次完成", "{0}, {1} to the end"],
  screen: ["屏幕", "Screen"],
  locked: ["已锁定", "locked"],
  unlocked: ["未锁定", "unlocked"],
  frame: ["最近一帧", "Last frame"],
  seconds: ["{0} 秒前", "{0} s ago"],
  version: ["版本", "Version"],
  technician: ["技术人员", "Technician"],
  all_stands: ["所有展台", "All stands"],
  undo: ["撤销", "Undo"],
  sure: ["确定“{0}”？", "{0}?"],
  no: ["取消", "Cancel"],
  failed: ["没有连上展台，命令未执行", "The stand was not reached; nothing was done"],
  hall: ["展厅", "Hall"],
  attention: ["展厅：{0} 个展台需要处理", "Hall: {0} to look at"],
  nobody: ["还没有收到任何展台的消息", "No stand has been heard of yet"],
  call: ["呼叫", "Call"],
  call_title: ["在“{0}”的屏幕上显示", "Show on the glass of {0}"],
  end_visit: ["结束", "End"],
  offline: ["失去联系 {0}", "not heard of for {0}"],
  all_well: ["一切正常", "all is well"],
};

export const PRESETS = [
  ["工作人员马上就来", "An attendant is on the way"],
  ["请摘下头显", "Please take the headset off"],
  ["请到服务台", "Please come to the desk"],
];

const kept = () => {
  try { return localStorage.getItem("language"); } catch { return null; }
};
let zh = (kept() ?? navigator.language ?? "en").startsWith("zh");

export const language = () => (zh ? "zh" : "en");
export const say = (word, ...values) => values.reduce((text, one, i) => text.replace(`{${i}}`, one), WORDS[word][zh ? 0 : 1]);
export const inLanguage = (words) => words[language()];
// In that language, where it is said: what stands on the glass is in the visitor's, not the attendant's.
export const preset = (one, tag = language()) => one[tag.startsWith("zh") ? 0 : 1];

export function changeLanguage() {
  zh = !zh;
  try { localStorage.setItem("language", language()); } catch { /* kept for this page alone */ }
}

// A language's own name; its tag where the browser knows none.
export function nameOf(tag) {
  try {
    const name = new Intl.DisplayNames([tag], { type: "language" }).of(tag);
    return name.charAt(0).toLocaleUpperCase(tag) + name.slice(1);
  } catch { return tag; }
}

export function clock(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

export function time(iso) {
  const at = new Date(iso);
  const today = at.toDateString() === new Date().toDateString();
  return at.toLocaleString(zh ? "zh-CN" : "en-GB", { hour: "2-digit", minute: "2-digit", ...(today ? {} : { weekday: "short" }) });
}

export function duration(seconds) {
  const minutes = Math.floor(seconds / 60);
  if (minutes < 1) return zh ? `${Math.floor(seconds)} 秒` : `${Math.floor(seconds)} s`;
  if (minutes < 120) return zh ? `${minutes} 分钟` : `${minutes} min`;
  return zh ? `${Math.floor(minutes / 60)} 小时` : `${Math.floor(minutes / 60)} h`;
}

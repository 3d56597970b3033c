#include "agents/audit/trail_drawing.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "agents/audit/html.h"
#include "agents/audit/span.h"

namespace rujukan::audit {
namespace {

constexpr size_t kDrawnMax = 400;  // a picture longer than this is looked at by nobody
constexpr size_t kLanesMax = 4;    // a notification to more goes to the last lane
constexpr int kWidth = 440;
constexpr int kGutter = 86;  // for times
constexpr int kTop = 46;
constexpr int kRow = 40;
constexpr int kDayRow = 24;
constexpr int64_t kGapToldMs = 10 * 60 * 1000;  // rows are not to scale: longer gaps are told
constexpr int kHead = 6;                        // of an arrow
constexpr size_t kNameLettersMax = 20;

// The part in front of the @, cut to fit.
std::string ShortName(const std::string& address, size_t letters) {
  const std::string name = address.substr(0, address.find('@'));
  return name.size() <= letters ? name : name.substr(0, letters - 1) + "\xE2\x80\xA6";
}

std::string FirstOf(const std::string& addresses) {
  return addresses.substr(0, addresses.find(','));
}

class Drawing {
 public:
  explicit Drawing(const TrailThread& thread) : thread_(thread) { FindLanes(); }

  std::string Draw(size_t number) {
    const size_t drawn = std::min(thread_.events.size(), kDrawnMax);
    for (size_t i = 0; i < drawn; ++i) {
      DrawEvent(*thread_.events[i]);
    }
    if (drawn < thread_.events.size()) {
      Text(kGutter,
           y_ + 14,
           "d",
           fmt::format("+ {} lagi di tabel / more in the table", thread_.events.size() - drawn));
      y_ += kRow;
    }
    const std::string title = thread_.leg_id.empty()
                                  ? "Linimasa / timeline"
                                  : "Linimasa leg / timeline of leg " + thread_.leg_id;
    return fmt::format(
               "<svg viewBox=\"0 0 {} {}\" role=\"img\" aria-labelledby=\"t{}\" "
               "aria-describedby=\"d{}\">\n<title id=\"t{}\">{}</title>\n<desc "
               "id=\"d{}\">{}</desc>\n",
               kWidth,
               y_ + 8,
               number,
               number,
               number,
               EscapeHtml(title),
               number,
               EscapeHtml(Description())) +
           Lanes() + shapes_ + "</svg>\n";
  }

 private:
  void FindLanes() {
    for (const TrailEvent* event : thread_.events) {
      if (event->type == TrailClass::kMessage || event->type == TrailClass::kRefusal ||
          event->type == TrailClass::kDelivery) {
        AddLane(event->who);
        AddLane(FirstOf(event->to));
      }
    }
  }

  void AddLane(const std::string& address) {
    if (!address.empty() && lanes_.size() < kLanesMax &&
        std::find(lanes_.begin(), lanes_.end(), address) == lanes_.end()) {
      lanes_.push_back(address);
    }
  }

  int LaneX(const std::string& address) const {
    const auto found = std::find(lanes_.begin(), lanes_.end(), address);
    const auto lane = found == lanes_.end() ? static_cast<int>(lanes_.size()) - 1
                                            : static_cast<int>(found - lanes_.begin());
    const int count = static_cast<int>(std::max<size_t>(lanes_.size(), 2));
    return kGutter + 34 + std::max(lane, 0) * (kWidth - kGutter - 76) / (count - 1);
  }

  std::string Description() const {
    return fmt::format(
        "{} peristiwa berurutan menurut waktu; tabel di bawah memuat semuanya. / {} events in "
        "order of time; "
        "the table below has them all.",
        thread_.events.size(),
        thread_.events.size());
  }

  std::string Lanes() const {
    std::string text;
    for (const std::string& lane : lanes_) {
      const int x = LaneX(lane);
      const size_t letters = lanes_.size() > 2 ? kNameLettersMax / 2 : kNameLettersMax;
      text += fmt::format(
          "<line class=\"lane\" x1=\"{}\" y1=\"{}\" x2=\"{}\" y2=\"{}\"/>\n", x, kTop - 18, x, y_);
      text += fmt::format(
          "<text class=\"h\" x=\"{}\" y=\"{}\" text-anchor=\"middle\">{}<title>{}</title></text>\n",
          x,
          kTop - 26,
          EscapeHtml(ShortName(lane, letters)),
          EscapeHtml(lane));
    }
    return text;
  }

  void DrawEvent(const TrailEvent& event) {
    const std::string time = FormatTime(event.time, event.utc_offset_minutes);
    if (time.substr(0, 10) != day_) {
      day_ = time.substr(0, 10);
      Text(4, y_ + kDayRow - 2, "d h", day_);
      y_ += kDayRow;
    } else if (event.time - last_time_ >= kGapToldMs) {
      Text(4, y_ + 13, "d", "+ " + LengthOfTime(event.time - last_time_));
    }
    last_time_ = event.time;
    const int line = y_ + kRow - 12;
    Text(4, line + 4, "d", time.substr(11, 8));
    Text(56, line + 4, "d", event.index ? "#" + std::to_string(*event.index) : "");
    switch (event.type) {
      case TrailClass::kMessage:
        Arrow(event,
              line,
              "m",
              event.state.empty() ? event.kind : event.kind + " \xE2\x86\x92 " + event.state);
        break;
      case TrailClass::kDelivery:
        Receipt(event, line);
        break;
      case TrailClass::kRefusal:
        Arrow(event, line, "x", event.kind + ": DITOLAK BROKER / refused");
        break;
      case TrailClass::kDeadline:
        Across(line, "x", event.kind + ": TERLEWAT / missed");
        break;
      case TrailClass::kDirectory:
      case TrailClass::kReading:
      case TrailClass::kBroker:
        Across(line, "o", event.kind);
        break;
    }
    y_ += kRow;
  }

  // From the sender's line to the receiver's; a refused one stops half-way at a cross.
  void Arrow(const TrailEvent& event, int y, const char* look, const std::string& label) {
    const int from = LaneX(event.who);
    int to = LaneX(FirstOf(event.to));
    to = to == from ? (from > kWidth / 2 ? from - 90 : from + 90) : to;
    const int step = to > from ? 1 : -1;
    const bool refused = event.type == TrailClass::kRefusal;
    const int end = refused ? (from + to) / 2 : to - step * 2;
    Line(look, from, y, end, y);
    if (refused) {
      Line(look, end - kHead, y - kHead, end + kHead, y + kHead);
      Line(look, end - kHead, y + kHead, end + kHead, y - kHead);
    } else {
      Head(look, end, y, step);
    }
    Label((from + to) / 2, y - (refused ? 10 : 7), label);
  }

  void Receipt(const TrailEvent& event, int y) {
    const int from = LaneX(event.who);
    const int step = from > kWidth / 2 ? -1 : 1;
    const int end = from + step * 70;
    Line("r", from, y, end, y);
    Head("r", end, y, step);
    Label(from + step * 76,
          y + 4,
          event.note.empty() ? "diterima mesin / received" : "TIDAK TERBUKA / " + event.note,
          step > 0 ? "start" : "end");
  }

  void Across(int y, const char* look, const std::string& label) {
    Line(look, kGutter, y, kWidth - 8, y);
    shapes_ +=
        fmt::format("<path class=\"{}f\" d=\"M{} {}l5 5-5 5-5-5z\"/>\n", look, kGutter, y - 5);
    Label(kGutter + 12, y - 7, label, "start");
  }

  void Line(const char* look, int x1, int y1, int x2, int y2) {
    shapes_ += fmt::format(
        "<line class=\"{}\" x1=\"{}\" y1=\"{}\" x2=\"{}\" y2=\"{}\"/>\n", look, x1, y1, x2, y2);
  }
  void Head(const char* look, int x, int y, int step) {
    shapes_ += fmt::format("<path class=\"{}f\" d=\"M{} {}l{} -4v8z\"/>\n",
                           look,
                           x + step * 2,
                           y,
                           -step * (kHead + 2));
  }
  void Label(int x, int y, const std::string& text, const char* anchor = "middle") {
    shapes_ += fmt::format(
        "<text x=\"{}\" y=\"{}\" text-anchor=\"{}\">{}</text>\n", x, y, anchor, EscapeHtml(text));
  }
  void Text(int x, int y, const char* look, const std::string& text) {
    shapes_ += fmt::format(
        "<text class=\"{}\" x=\"{}\" y=\"{}\">{}</text>\n", look, x, y, EscapeHtml(text));
  }

  const TrailThread& thread_;
  std::vector<std::string> lanes_;
  std::string shapes_;
  std::string day_;
  UnixMillis last_time_ = 0;
  int y_ = kTop - 10;
};

}  // namespace

std::string DrawThread(const TrailThread& thread, size_t number) {
  return Drawing(thread).Draw(number);
}

}  // namespace rujukan::audit

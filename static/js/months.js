// The chart of months. Its figures stand in the page as JSON (json_script with the id
// "months-data"): {months, received, closed, open, urls}. Colours and family come from the tokens.
(() => {
  const place = document.getElementById("months-chart");
  const data = document.getElementById("months-data");
  if (!place || !data || !window.echarts) return;

  const { months, received, closed, open, urls } = JSON.parse(data.textContent);
  const style = getComputedStyle(document.documentElement);
  const token = (name) => style.getPropertyValue(name).trim();
  const inBar = (color) => ({
    show: true, position: "insideBottom", distance: 4, fontSize: 11, color,
    formatter: ({ value }) => (value ? String(value) : ""),
  });

  const chart = window.echarts.init(place, null, { renderer: "svg" });
  chart.setOption({
    animation: false,
    aria: { enabled: true },
    textStyle: { fontFamily: token("--font"), color: token("--ink-2") },
    color: [token("--blue"), token("--blue-rule"), token("--ink")],
    grid: { left: 30, right: 8, top: 34, bottom: 24 },
    legend: {
      top: 0, left: 0, icon: "rect", itemWidth: 10, itemHeight: 10, itemGap: 18,
      textStyle: { fontSize: 12, color: token("--ink-2") },
    },
    // rich text is drawn in the SVG: the content policy refuses the style attributes of HTML
    tooltip: {
      trigger: "axis", renderMode: "richText", borderColor: token("--rule-2"),
      textStyle: { fontSize: 12, color: token("--ink") },
    },
    xAxis: {
      type: "category", data: months, axisTick: { show: false },
      axisLine: { lineStyle: { color: token("--rule-3") } },
      axisLabel: { fontSize: 12, color: token("--ink-2") },
    },
    yAxis: {
      type: "value", splitNumber: 4, minInterval: 1,
      axisLabel: { fontSize: 12, color: token("--ink-3") },
      splitLine: { lineStyle: { color: token("--rule") } },
    },
    series: [
      { name: "新收", type: "bar", barMaxWidth: 19, barGap: "8%", data: received, label: inBar("#fff") },
      { name: "办结", type: "bar", barMaxWidth: 19, data: closed, label: inBar(token("--blue-deep")) },
      {
        name: "月末在办", type: "line", symbol: "rect", symbolSize: 6,
        lineStyle: { width: 1.5 }, data: open,
      },
    ],
  });
  chart.on("click", ({ dataIndex }) => {
    if (urls && urls[dataIndex]) window.location.assign(urls[dataIndex]);
  });
  window.addEventListener("resize", () => chart.resize());
})();

// The chart of months. Its figures stand in the page as JSON (json_script with the id
// "months-data"): {months, received, closed, open} and the addresses {received_urls, closed_urls,
// open_urls}. Colours and family come from the tokens. Without this file the table below tells all.
(() => {
  const PLOT = 178; // pixels: the height of .monthchart without the margins of the grid
  const LINE = 18;
  let chart = null;

  const draw = () => {
    const place = document.getElementById("months-chart");
    const data = document.getElementById("months-data");
    if (!place || !data || !window.echarts || window.echarts.getInstanceByDom(place)) return;
    if (chart) chart.dispose(); // htmx took its place away
    place.hidden = false;
    document.getElementById("months-figures").open = false;
    chart = window.echarts.init(place, null, { renderer: "svg" });
    fill(chart, JSON.parse(data.textContent));
  };

  const fill = (chart, figures) => {
    const { months, received, closed, open } = figures;
    const style = getComputedStyle(document.documentElement);
    const token = (name) => style.getPropertyValue(name).trim();
    // a figure stands in its bar only where that is higher than a line; the axis ends above the top
    const top = 1.2 * Math.max(...received, ...closed, ...open);
    const inBar = (color) => ({
      show: true, position: "insideBottom", distance: 4, fontSize: 11, color,
      formatter: ({ value }) => ((value / top) * PLOT >= LINE ? String(value) : ""),
    });

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
        { id: "received", name: "新收", type: "bar", barMaxWidth: 19, barGap: "8%", data: received, label: inBar("#fff") },
        { id: "closed", name: "办结", type: "bar", barMaxWidth: 19, data: closed, label: inBar(token("--blue-deep")) },
        {
          id: "open", name: "月末在办", type: "line", symbol: "rect", symbolSize: 6,
          lineStyle: { width: 1.5 }, data: open,
        },
      ],
    });
    chart.on("click", ({ seriesId, dataIndex }) => {
      window.location.assign(figures[`${seriesId}_urls`][dataIndex]);
    });
  };

  draw();
  // What htmx puts into the page is drawn too.
  document.addEventListener("htmx:load", draw);
  window.addEventListener("resize", () => chart && chart.resize());

  // On paper nothing can be unfolded.
  const folded = () => document.querySelectorAll("details.figures:not([open])");
  let unfolded = [];
  window.addEventListener("beforeprint", () => {
    unfolded = [...folded()];
    unfolded.forEach((part) => { part.open = true; });
  });
  window.addEventListener("afterprint", () => {
    unfolded.forEach((part) => { part.open = false; });
  });
})();

// SPDX-License-Identifier: Apache-2.0
using System.Text.RegularExpressions;
using ClusterManager.Telemetry;
using ClusterManager.Tests.Support;

namespace ClusterManager.Manager.Tests.Telemetry;

/// <summary>Alerts and pages speak of metrics that exist.</summary>
public sealed partial class AlertTests
{
    private static readonly string[] Rules = File.ReadAllLines(SourceTree.PathOf("docs/alerts.rules.yml"));
    private static readonly string Page = File.ReadAllText(SourceTree.PathOf("docs/alerts.md"));

    [Fact]
    public async Task Every_metric_in_a_rule_exists()
    {
        var known = await NamesAsync();
        var named = Rules.SelectMany(line => MetricName().Matches(line.Split('#')[0])).Select(match => match.Value).Distinct().ToList();
        Assert.True(named.Count > 15, string.Join(' ', named));
        Assert.Empty(named.Except(known));
    }

    [Fact]
    public void Every_alert_has_its_page_and_every_page_its_alert()
    {
        var alerts = Rules.Select(line => AlertName().Match(line)).Where(match => match.Success).Select(match => match.Groups[1].Value);
        var sections = Page.Split('\n').Where(line => line.StartsWith("## Cluster", StringComparison.Ordinal)).Select(line => line[3..]);
        Assert.Equal(alerts.Order(StringComparer.Ordinal), sections.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_page_says_what_it_means_what_users_feel_and_what_to_do() => Assert.All(
        Page.Split("\n## Cluster").Skip(1),
        section => Assert.All(["**Means**", "**Users**", "**Do**"], part => Assert.Contains(part, section, StringComparison.Ordinal)));

    [Fact]
    public async Task The_page_of_metrics_lists_all_of_them_and_no_other()
    {
        var listed = File.ReadLines(SourceTree.PathOf("docs/metrics.md")).Select(line => Row().Match(line)).Where(match => match.Success)
            .Select(match => match.Groups[1].Value).Order(StringComparer.Ordinal).ToList();
        var families = await NamesAsync(families: true);
        Assert.Equal(families.Order(StringComparer.Ordinal), listed);
    }

    // As Prometheus names them: a histogram's series end with _bucket, _sum and _count.
    private static async Task<IReadOnlyCollection<string>> NamesAsync(bool families = false)
    {
        await using var fixture = new TelemetryFixture();
        await fixture.Client.Kv.GetAsync("x", Consul.ReadOptions.Default, CancellationToken.None);
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var one in fixture.Metrics.Describe())
        {
            var name = ExpositionNames.Of(one.Name, one.Unit);
            if (one.Kind == MetricKind.Counter) names.Add(name + "_total");
            else if (one.Kind == MetricKind.Histogram && !families) names.UnionWith([name + "_bucket", name + "_sum", name + "_count"]);
            else names.Add(name);
        }

        return names;
    }

    [GeneratedRegex(@"\bcluster_[a-z_]+\b")]
    private static partial Regex MetricName();

    [GeneratedRegex(@"- alert: (\w+)")]
    private static partial Regex AlertName();

    [GeneratedRegex(@"^\| `(cluster_[a-z_]+)`")]
    private static partial Regex Row();
}

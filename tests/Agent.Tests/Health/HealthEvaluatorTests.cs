// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Agent.Health;
using ClusterManager.Model;
using FsCheck;
using FsCheck.Fluent;

namespace ClusterManager.Agent.Tests.Health;

public sealed class HealthEvaluatorTests
{
    private static readonly HealthSpec Spec = new()
    {
        Kind = HealthKind.Http,
        Interval = TimeSpan.FromSeconds(2),
        StartInterval = TimeSpan.FromMilliseconds(250),
        StartPeriod = TimeSpan.FromSeconds(10),
        Retries = 3,
    };

    [Fact]
    public void First_success_makes_healthy_also_in_the_start_period() =>
        Assert.Equal(HealthState.Healthy, Run(Spec, (1, true)).State);

    [Fact]
    public void Failures_in_the_start_period_do_not_count() =>
        Assert.Equal(HealthState.Unknown, Run(Spec, (1, false), (2, false), (3, false), (4, false)).State);

    [Fact]
    public void Failures_after_a_success_count_even_in_the_start_period() =>
        Assert.Equal(HealthState.Unhealthy, Run(Spec, (1, true), (2, false), (3, false), (4, false)).State);

    [Fact]
    public void Healthy_stays_healthy_until_the_failures_are_as_many_as_retries()
    {
        Assert.Equal(HealthState.Healthy, Run(Spec, (11, true), (12, false), (13, false)).State);
        Assert.Equal(HealthState.Unhealthy, Run(Spec, (11, true), (12, false), (13, false), (14, false)).State);
    }

    [Fact]
    public void One_success_heals() =>
        Assert.Equal(HealthState.Healthy, Run(Spec, (11, false), (12, false), (13, false), (14, true)).State);

    [Fact]
    public void Probes_come_faster_until_the_first_success()
    {
        Assert.Equal(TimeSpan.FromMilliseconds(250), HealthEvaluator.Begin(Spec, TimeSpan.Zero).NextAt);
        Assert.Equal(TimeSpan.FromSeconds(1.25), Run(Spec, (1, false)).NextAt);
        Assert.Equal(TimeSpan.FromSeconds(3), Run(Spec, (1, true)).NextAt);
        Assert.Equal(TimeSpan.FromSeconds(4), Run(Spec, (1, true), (2, false)).NextAt);
    }

    [Fact]
    public void Last_output_is_kept_and_cut() =>
        Assert.Equal(ProbeResult.OutputLengthMax, ProbeResult.Of(false, new string('x', 5000)).Output.Length);

    [Fact]
    public void The_verdict_is_that_of_the_last_results_only() =>
        Prop.ForAll(ArbMap.Default.ArbFor<bool[]>(), results =>
        {
            var spec = Spec with { StartPeriod = TimeSpan.Zero };
            var verdict = Run(spec, [.. results.Select((passed, i) => (i + 1, passed))]).State;
            var failures = results.Reverse().TakeWhile(passed => !passed).Count();
            var expected = failures >= spec.Retries ? HealthState.Unhealthy
                : failures < results.Length ? Array.LastIndexOf(results, true) >= 0 ? HealthState.Healthy : HealthState.Unknown
                : HealthState.Unknown;
            return verdict == expected;
        }).QuickCheckThrowOnFailure();

    private static HealthProgress Run(HealthSpec spec, params (int Second, bool Passed)[] probes)
    {
        var progress = HealthEvaluator.Begin(spec, TimeSpan.Zero);
        foreach (var (second, passed) in probes)
            progress = HealthEvaluator.Fold(spec, progress, new ProbeResult(passed, ""), TimeSpan.Zero, TimeSpan.FromSeconds(second));
        return progress;
    }
}

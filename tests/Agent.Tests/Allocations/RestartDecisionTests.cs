// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Agent.Allocations;
using ClusterManager.Model;
using FsCheck;
using FsCheck.Fluent;

namespace ClusterManager.Agent.Tests.Allocations;

public sealed class RestartDecisionTests
{
    private static readonly AllocationId Id = new(new ServiceId(7), 1, 1);
    private static readonly TimeSpan Now = TimeSpan.FromMinutes(10);

    [Fact]
    public void First_restart_is_immediate_and_the_next_ones_double()
    {
        var waits = CrashLoop(RestartPolicy.Default, AttemptEndKind.Exited, 9);
        Assert.Equal(TimeSpan.Zero, waits[0]);
        double[] expected = [1, 2, 4, 8, 16, 32, 60, 60];
        for (var i = 0; i < expected.Length; i++)
            Assert.InRange(waits[i + 1].TotalSeconds, expected[i] * 0.9, Math.Min(expected[i] * 1.1, 60));
    }

    [Fact]
    public void Image_failures_wait_from_the_first_on_and_up_to_five_minutes()
    {
        var waits = CrashLoop(RestartPolicy.Default, AttemptEndKind.Image, 12);
        Assert.InRange(waits[0].TotalSeconds, 0.9, 1.1);
        Assert.Equal(300, waits[^1].TotalSeconds);
    }

    [Fact]
    public void A_minute_of_running_begins_the_sequence_again()
    {
        var history = AttemptHistory.None with { EndsInARow = 9 };
        var end = Crash(TimeSpan.FromSeconds(61));
        Assert.IsType<RestartVerdict.Now>(RestartDecision.Decide(RestartPolicy.Default, history.AfterEnd(end), end, Id, Now));
    }

    [Fact]
    public void A_policy_without_delay_still_does_not_spin()
    {
        var policy = new RestartPolicy { Delay = TimeSpan.Zero };
        Assert.True(CrashLoop(policy, AttemptEndKind.Exited, 3)[1] >= TimeSpan.FromMilliseconds(90));
    }

    [Theory]
    [InlineData(RestartCondition.None, 1, false)]
    [InlineData(RestartCondition.None, 0, false)]
    [InlineData(RestartCondition.OnFailure, 0, false)]
    [InlineData(RestartCondition.OnFailure, 1, true)]
    [InlineData(RestartCondition.Any, 0, true)]
    [InlineData(RestartCondition.Any, 1, true)]
    public void Condition_decides_which_ends_are_followed(RestartCondition condition, int exitCode, bool restarts)
    {
        var end = new AttemptEnd(AttemptEndKind.Exited, exitCode, TimeSpan.FromSeconds(5));
        var verdict = RestartDecision.Decide(new RestartPolicy { Condition = condition }, AttemptHistory.None.AfterEnd(end), end, Id, Now);
        Assert.Equal(restarts, verdict is not RestartVerdict.Never);
    }

    [Fact]
    public void On_failure_restarts_what_was_refused_or_removed_although_it_has_no_exit_code()
    {
        var policy = new RestartPolicy { Condition = RestartCondition.OnFailure };
        foreach (var kind in new[] { AttemptEndKind.Refused, AttemptEndKind.RemovedByHand, AttemptEndKind.Image, AttemptEndKind.Unhealthy })
        {
            var end = new AttemptEnd(kind, 0, TimeSpan.Zero);
            Assert.IsNotType<RestartVerdict.Never>(RestartDecision.Decide(policy, AttemptHistory.None.AfterEnd(end), end, Id, Now));
        }
    }

    [Fact]
    public void Attempts_are_counted_within_the_window_only()
    {
        var policy = new RestartPolicy { MaxAttempts = 2, Window = TimeSpan.FromMinutes(1) };
        var old = AttemptHistory.None.AfterRestart(Now - TimeSpan.FromMinutes(3)).AfterRestart(Now - TimeSpan.FromMinutes(2));
        var recent = old.AfterRestart(Now - TimeSpan.FromSeconds(20)).AfterRestart(Now - TimeSpan.FromSeconds(10));
        var end = Crash(TimeSpan.FromSeconds(1));
        Assert.IsNotType<RestartVerdict.Never>(RestartDecision.Decide(policy, old.AfterEnd(end), end, Id, Now));
        Assert.IsType<RestartVerdict.Never>(RestartDecision.Decide(policy, recent.AfterEnd(end), end, Id, Now));
    }

    [Fact]
    public void Attempts_without_a_window_are_counted_over_the_life()
    {
        var policy = new RestartPolicy { MaxAttempts = 2 };
        var end = Crash(TimeSpan.FromMinutes(5));
        var history = AttemptHistory.None with { Restarts = 2 };
        Assert.IsType<RestartVerdict.Never>(RestartDecision.Decide(policy, history.AfterEnd(end), end, Id, Now));
    }

    [Fact]
    public void The_wait_is_always_within_bounds_and_the_same_for_the_same_question() =>
        Prop.ForAll(ArbMap.Default.ArbFor<(byte, int, ushort)>(), draw =>
        {
            var (ends, attempt, delayMs) = draw;
            var policy = new RestartPolicy { Delay = TimeSpan.FromMilliseconds(delayMs) };
            var history = AttemptHistory.None with { EndsInARow = ends, Attempt = attempt };
            var end = Crash(TimeSpan.Zero);
            var first = RestartDecision.Decide(policy, history, end, Id, Now);
            var wait = first is RestartVerdict.At at ? at.Moment - Now : TimeSpan.Zero;
            var cap = TimeSpan.FromSeconds(Math.Max(60, policy.Delay.TotalSeconds));
            return wait >= TimeSpan.Zero && wait <= cap && first == RestartDecision.Decide(policy, history, end, Id, Now);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Allocations_that_crash_together_do_not_return_together()
    {
        var history = AttemptHistory.None with { EndsInARow = 6 };
        var end = Crash(TimeSpan.Zero);
        var moments = Enumerable.Range(1, 50).Select(slot =>
            RestartDecision.Decide(RestartPolicy.Default, history, end, Id with { Slot = slot }, Now)).Distinct();
        Assert.True(moments.Count() > 40);
    }

    private static List<TimeSpan> CrashLoop(RestartPolicy policy, AttemptEndKind kind, int count)
    {
        var history = AttemptHistory.None;
        var waits = new List<TimeSpan>();
        var end = new AttemptEnd(kind, 1, TimeSpan.FromMilliseconds(10));
        for (var i = 0; i < count; i++)
        {
            history = history.AfterEnd(end);
            waits.Add(RestartDecision.Decide(policy, history, end, Id, Now) is RestartVerdict.At at ? at.Moment - Now : TimeSpan.Zero);
            history = history.AfterRestart(Now);
        }
        return waits;
    }

    private static AttemptEnd Crash(TimeSpan ranFor) => new(AttemptEndKind.Exited, 1, ranFor);
}

// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Agent.Allocations;
using ClusterManager.Model;
using FsCheck;
using FsCheck.Fluent;

namespace ClusterManager.Agent.Tests.Allocations;

public sealed class AllocationTransitionsTests
{
    private static readonly AllocationState[] States = Enum.GetValues<AllocationState>();
    private static readonly AllocationInput[] Inputs = Enum.GetValues<AllocationInput>();

    [Fact]
    public void State_moves_only_up_within_an_attempt()
    {
        foreach (var (from, input) in Legal().Where(pair => pair.Input != AllocationInput.NextAttempt))
        {
            var (to, _) = AllocationTransitions.Apply(from, input);
            Assert.True(to > from || (AllocationTransitions.IsEnd(from) && to == from), $"{from} × {input} → {to}");
        }
    }

    [Fact]
    public void Next_attempt_is_possible_only_after_an_end_that_was_not_wanted()
    {
        var possible = States.Where(state => AllocationTransitions.IsLegal(state, AllocationInput.NextAttempt));
        Assert.Equal([AllocationState.Completed, AllocationState.Failed, AllocationState.Rejected], possible);
    }

    [Fact]
    public void Everything_that_has_not_been_lost_can_be_told_to_stop()
    {
        var deaf = States.Where(state => !AllocationTransitions.IsLegal(state, AllocationInput.StopRequested));
        Assert.Equal([AllocationState.Stopping, AllocationState.Lost], deaf);
    }

    [Fact]
    public void Nobody_but_the_manager_writes_lost() =>
        Assert.DoesNotContain(Legal(), pair => AllocationTransitions.Apply(pair.From, pair.Input).State == AllocationState.Lost);

    [Theory]
    [InlineData(AllocationState.Running, nameof(AllocationInput.ImageReady))]
    [InlineData(AllocationState.Stopped, nameof(AllocationInput.NextAttempt))]
    [InlineData(AllocationState.Stopping, nameof(AllocationInput.Started))]
    [InlineData(AllocationState.Completed, nameof(AllocationInput.Started))]
    [InlineData(AllocationState.Lost, nameof(AllocationInput.Prepare))]
    public void Illegal_transition_throws(AllocationState from, string input) =>
        Assert.Throws<InvalidOperationException>(() => AllocationTransitions.Apply(from, Enum.Parse<AllocationInput>(input)));

    [Fact]
    public void Any_sequence_of_legal_inputs_goes_up_between_restarts() =>
        Prop.ForAll(ArbMap.Default.ArbFor<int[]>(), draws =>
        {
            var state = AllocationState.Assigned;
            foreach (var draw in draws)
            {
                var legal = Inputs.Where(input => AllocationTransitions.IsLegal(state, input)).ToArray();
                if (legal.Length == 0) return state is AllocationState.Lost;
                var input = legal[Math.Abs(draw % legal.Length)];
                var next = AllocationTransitions.Apply(state, input).State;
                if (input != AllocationInput.NextAttempt && next < state) return false;
                state = next;
            }
            return true;
        }).QuickCheckThrowOnFailure();

    private static IEnumerable<(AllocationState From, AllocationInput Input)> Legal() =>
        from state in States from input in Inputs where AllocationTransitions.IsLegal(state, input) select (state, input);
}

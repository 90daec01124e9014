// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Manager.Engine;
using ClusterManager.Manager.Persistence;
using ClusterManager.Manager.Tests.Support;
using ClusterManager.Shared.Tests.Consul;

namespace ClusterManager.Manager.Tests.Engine;

/// <summary>Commit, then publish, then answer; and whatever happens to an answer, exactly once.</summary>
public sealed class EngineLoopTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Nothing_is_published_or_answered_before_the_commit()
    {
        await using var fixture = new LoopFixture();
        var (reached, gate) = (new TaskCompletionSource(), new TaskCompletionSource<Fate>());
        fixture.Consul.OnCommit = () =>
        {
            reached.TrySetResult();
            return gate.Task;
        };
        fixture.Start();
        var reply = fixture.CreateTokenAsync("t1");
        await reached.Task.WaitAsync(Soon);

        Assert.False(reply.IsCompleted);
        Assert.Empty(fixture.Loop.Snapshots.Current.Tokens);
        gate.SetResult(Fate.Answered);
        Assert.IsType<MutationResult.Accepted>(await reply.WaitAsync(Soon));
        Assert.True(fixture.Loop.Snapshots.Current.Tokens.ContainsKey("t1"));
        Assert.Equal(fixture.Stored, fixture.Loop.Snapshots.Current.Version);
        Assert.NotNull(fixture.Consul.Get(StateKeys.Token("t1")));
    }

    [Theory]
    [InlineData(Fate.AnswerLost, 0)]
    [InlineData(Fate.AnswerLost, 3)]
    [InlineData(Fate.CallLost, 0)]
    internal async Task A_lost_answer_is_found_out_and_the_change_happens_once(Fate fate, int failingReads)
    {
        await using var fixture = new LoopFixture();
        var tries = 0;
        fixture.Consul.OnCommit = () => Task.FromResult(Interlocked.Increment(ref tries) == 1 ? fate : Fate.Answered);
        fixture.Consul.ReadsToFail = failingReads;
        fixture.Start();

        Assert.IsType<MutationResult.Accepted>(await fixture.CreateTokenAsync("t1").WaitAsync(Soon));
        Assert.Equal(1, fixture.Consul.Commits);
        Assert.Equal(1, fixture.Stored.Number);
        Assert.IsType<MutationResult.Accepted>(await fixture.CreateTokenAsync("t2").WaitAsync(Soon));
        Assert.Equal(2, fixture.Consul.Commits);
        Assert.Equal(2, fixture.Stored.Number);
        Assert.False(fixture.Running.IsCompleted);
    }

    [Fact]
    public async Task A_deposed_leader_writes_nothing_and_its_callers_know_it()
    {
        await using var fixture = new LoopFixture();
        fixture.Consul.OnCommit = () =>
        {
            fixture.Consul.Holder = "another";
            return Task.FromResult(Fate.Answered);
        };
        fixture.Start();

        var ended = await Assert.ThrowsAsync<TermEndedException>(() => fixture.CreateTokenAsync("t1").WaitAsync(Soon));
        Assert.True(ended.OutcomeKnown);
        Assert.Contains("failed session check", await fixture.Running.WaitAsync(Soon), StringComparison.Ordinal);
        Assert.Equal(0, fixture.Consul.Commits);
        Assert.Empty(fixture.Loop.Snapshots.Current.Tokens);
        Assert.True((await Assert.ThrowsAsync<TermEndedException>(() => fixture.CreateTokenAsync("t2"))).OutcomeKnown);
    }

    [Fact]
    public async Task Deposed_after_a_lost_answer_nobody_knows()
    {
        await using var fixture = new LoopFixture();
        fixture.Consul.OnCommit = () =>
        {
            if (fixture.Consul.Commits > 0) fixture.Consul.Holder = "another";
            return Task.FromResult(Fate.AnswerLost);
        };
        fixture.Start();

        var ended = await Assert.ThrowsAsync<TermEndedException>(() => fixture.CreateTokenAsync("t1").WaitAsync(Soon));
        Assert.False(ended.OutcomeKnown);
        await fixture.Running.WaitAsync(Soon);
    }

    [Fact]
    public async Task A_commit_that_Consul_refuses_ends_the_term()
    {
        await using var fixture = new LoopFixture();
        fixture.Consul.OnCommit = () => Task.FromResult(Fate.Forbidden);
        fixture.Start();

        var ended = await Assert.ThrowsAsync<TermEndedException>(() => fixture.CreateTokenAsync("t1").WaitAsync(Soon));
        Assert.True(ended.OutcomeKnown);
        Assert.Contains("refused", await fixture.Running.WaitAsync(Soon), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_writer_of_the_version_ends_the_term()
    {
        await using var fixture = new LoopFixture();
        fixture.Consul.Put(StateKeys.Version, [1]);
        fixture.Start();
        Assert.True((await Assert.ThrowsAsync<TermEndedException>(() => fixture.CreateTokenAsync("t1").WaitAsync(Soon))).OutcomeKnown);
        Assert.Contains("another writer", await fixture.Running.WaitAsync(Soon), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ten_seconds_without_an_answer_end_the_term_with_an_unknown_outcome()
    {
        var time = new VirtualTime();
        await using var fixture = new LoopFixture(time);
        fixture.Consul.OnCommit = () => Task.FromResult(Fate.CallLost);
        fixture.Start();
        var reply = fixture.CreateTokenAsync("t1");
        await time.AdvanceUntilAsync("the term ends", () => reply.IsCompleted, TimeSpan.FromSeconds(15));

        Assert.False((await Assert.ThrowsAsync<TermEndedException>(() => reply)).OutcomeKnown);
        Assert.InRange(time.Elapsed, TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(12));
    }

    [Fact]
    public async Task Only_those_whose_commit_was_under_way_are_left_in_doubt()
    {
        await using var fixture = new LoopFixture();
        var tries = 0;
        fixture.Consul.OnCommit = () =>
        {
            if (Interlocked.Increment(ref tries) == 3) fixture.Consul.Holder = "another";
            return Task.FromResult(tries == 2 ? Fate.CallLost : Fate.Answered);
        };
        // More than fit one turn, taken in one batch: the rest waits in the state for later turns.
        var replies = Enumerable.Range(0, 100).Select(i => fixture.CreateTokenAsync($"t{i:000}")).ToList();
        fixture.Start();
        await fixture.Running.WaitAsync(Soon);
        await Task.WhenAll(replies.Select(reply => reply.ContinueWith(_ => { }, TaskScheduler.Default))).WaitAsync(Soon);

        var accepted = replies.Count(reply => reply.IsCompletedSuccessfully);
        var unknown = replies.Count(reply => reply.Exception?.InnerException is TermEndedException { OutcomeKnown: false });
        var untouched = replies.Count(reply => reply.Exception?.InnerException is TermEndedException { OutcomeKnown: true });
        Assert.Equal(100, accepted + unknown + untouched);
        Assert.InRange(accepted, 1, 60);
        Assert.InRange(unknown, 1, 60);
        Assert.InRange(untouched, 1, 98);
        Assert.Equal(accepted, fixture.Loop.Snapshots.Current.Tokens.Count);
    }

    [Fact]
    public async Task A_full_mailbox_turns_callers_away_and_changes_nothing()
    {
        await using var fixture = new LoopFixture();
        while (fixture.Loop.TryPost(new ClusterEvent.Tick()))
        {
        }

        await Assert.ThrowsAsync<MailboxFullException>(() => fixture.CreateTokenAsync("t1"));
        fixture.Start();
        await Until.TrueAsync("there is room again", Soon, () => Task.FromResult(fixture.Loop.MailboxDepth == 0));
        Assert.IsType<MutationResult.Accepted>(await fixture.CreateTokenAsync("t2").WaitAsync(Soon));
        Assert.Equal(["t2"], fixture.Loop.Snapshots.Current.Tokens.Keys);
    }

    [Fact]
    public async Task An_idle_leader_commits_nothing_renews_and_beats()
    {
        var time = new VirtualTime();
        await using var fixture = new LoopFixture(time).Start();
        await time.AdvanceUntilAsync("ten renewals", () => fixture.Consul.Renewals >= 10, TimeSpan.FromSeconds(10));
        Assert.Equal(0, fixture.Consul.Commits);
        Assert.True(fixture.Fence.IsFresh);
        Assert.InRange(fixture.Consul.Beats, 8, 14);
        Assert.InRange(time.Elapsed, TimeSpan.FromSeconds(4), TimeSpan.FromSeconds(7));
    }

    [Fact]
    public async Task Lost_renewals_stop_the_leader_from_acting_and_do_not_end_its_term()
    {
        var time = new VirtualTime();
        await using var fixture = new LoopFixture(time).Start();
        await time.AdvanceUntilAsync("a proof", () => fixture.Fence.IsFresh, TimeSpan.FromSeconds(5));
        fixture.Consul.OnRenewal = () => Task.FromResult(Fate.CallLost);
        await time.AdvanceUntilAsync("the proof grows old", () => !fixture.Fence.IsFresh, TimeSpan.FromSeconds(3));
        Assert.False(fixture.Running.IsCompleted);
        fixture.Consul.OnRenewal = () => Task.FromResult(Fate.Answered);
        await time.AdvanceUntilAsync("a new proof", () => fixture.Fence.IsFresh, TimeSpan.FromSeconds(3));
    }

    [Fact]
    public async Task Seven_seconds_without_a_renewal_end_the_term()
    {
        var time = new VirtualTime();
        await using var fixture = new LoopFixture(time).Start();
        await time.AdvanceUntilAsync("a proof", () => fixture.Fence.IsFresh, TimeSpan.FromSeconds(5));
        fixture.Consul.OnRenewal = () => Task.FromResult(Fate.CallLost);
        var before = time.Elapsed;
        await time.AdvanceUntilAsync("the term ends", () => fixture.Running.IsCompleted, TimeSpan.FromSeconds(12));
        Assert.InRange(time.Elapsed - before, TimeSpan.FromSeconds(6), TimeSpan.FromSeconds(9));
        Assert.Contains("did not confirm the lock", await fixture.Running, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_renewal_that_finds_another_holder_ends_the_term()
    {
        await using var fixture = new LoopFixture().Start();
        fixture.Consul.Holder = "another";
        Assert.Contains("another's", await fixture.Running.WaitAsync(Soon), StringComparison.Ordinal);
        Assert.False(fixture.Loop.TryPost(new ClusterEvent.Tick()));
    }

    [Fact]
    public async Task The_check_is_beaten_while_a_commit_is_outstanding()
    {
        var time = new VirtualTime();
        await using var fixture = new LoopFixture(time);
        var gate = new TaskCompletionSource<Fate>();
        fixture.Consul.OnCommit = () => gate.Task;
        fixture.Start();
        var reply = fixture.CreateTokenAsync("t1");
        await time.AdvanceUntilAsync("five beats", () => fixture.Consul.Beats >= 5, TimeSpan.FromSeconds(4));
        Assert.False(reply.IsCompleted);
        gate.SetResult(Fate.Answered);
        Assert.IsType<MutationResult.Accepted>(await reply.WaitAsync(Soon));
    }

    [Fact]
    public async Task The_same_request_again_is_answered_again_and_not_carried_out_again()
    {
        await using var fixture = new LoopFixture().Start();
        var first = Assert.IsType<MutationResult.Accepted>(await fixture.CreateTokenAsync("t1").WaitAsync(Soon));
        var again = Assert.IsType<MutationResult.Accepted>(await fixture.CreateTokenAsync("t1").WaitAsync(Soon));
        Assert.Equal(first.Outcomes, again.Outcomes);
        Assert.Equal(1, fixture.Consul.Commits);
    }
}

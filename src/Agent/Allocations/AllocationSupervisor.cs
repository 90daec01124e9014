// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using ClusterManager.Hosting.Concurrency;
using ClusterManager.Model;

namespace ClusterManager.Agent.Allocations;

/// <summary>
/// Owns all runners of the node: gives each allocation one, tells it what to reach, and passes on what the engine and Consul say. One
/// loop, one
/// mailbox; it awaits nothing but its mailbox.
/// </summary>
internal sealed class AllocationSupervisor
{
    private const int MailboxCapacity = 1024;
    private const int BatchMax = 64;

    private readonly RunnerContext _context;
    private readonly ImmutableSortedDictionary<AllocationId, AllocationFacts> _remembered;
    private readonly ImmutableSortedSet<AllocationId> _begunWith;
    private readonly Mailbox<SupervisorMessage> _mailbox = new(MailboxCapacity);
    private readonly SortedDictionary<AllocationId, AllocationRunner> _runners = [];
    private AssignmentBook _book;
    private ImmutableSortedSet<AllocationId>? _discovered;
    private bool _isEngineUp;
    private bool _hasManagerSpoken;

    /// <summary>A supervisor that begins with what the disk remembers.</summary>
    /// <param name="context">What all runners share.</param>
    /// <param name="book">The assignment on disk.</param>
    /// <param name="remembered">Attempts, ports and ends on disk.</param>
    public AllocationSupervisor(RunnerContext context, AssignmentBook book, IEnumerable<AllocationFacts> remembered)
    {
        _context = context;
        _book = book;
        _remembered = remembered.ToImmutableSortedDictionary(f => f.Id, f => f);
        _begunWith = [.. book.Items.Keys];
    }

    /// <summary>True once the engine's containers are known for the first time, and every one of them has its runner.</summary>
    public LatestValue<bool> HasListed { get; } = new(false);

    /// <summary>Tells the supervisor something; waits while its mailbox is full.</summary>
    public async Task PostAsync(SupervisorMessage message, CancellationToken cancellationToken) =>
        await _mailbox.PostAsync(message, cancellationToken);

    /// <summary>Ends when the loop has come to it: it turns.</summary>
    public async Task ProveAsync(CancellationToken cancellationToken)
    {
        var proof = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var giveUp = cancellationToken.UnsafeRegister(
            static (answer, token) => ((TaskCompletionSource)answer!).TrySetCanceled(token), proof);
        await PostAsync(new SupervisorMessage.Proof(proof), cancellationToken);
        await proof.Task;
    }

    /// <summary>Runs until cancelled, which leaves all containers as they are.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var runners = new OwnedTasks(cancellationToken);
        foreach (var (id, facts) in _remembered) _context.Ports.Adopt(id, facts.HostPorts);
        ApplyBook(runners);
        try
        {
            while (await _mailbox.WaitToReadAsync(runners.Stopping))
            {
                for (var i = 0; i < BatchMax && _mailbox.TryRead(out var message); i++) Handle(message, runners);
            }
        }
        catch (OperationCanceledException) when (runners.Stopping.IsCancellationRequested)
        {
            // Asked to, or a runner failed: the latter surfaces below.
        }
        await runners.WhenEndedAsync();
        cancellationToken.ThrowIfCancellationRequested();
    }

    private void Handle(SupervisorMessage message, OwnedTasks runners)
    {
        switch (message)
        {
            case SupervisorMessage.Assigned assigned:
                _book = assigned.Book;
                _hasManagerSpoken |= assigned.IsFromManager;
                ApplyBook(runners);
                break;
            case SupervisorMessage.EngineUp:
                _isEngineUp = true;
                TellAll(inputs => inputs with { IsEngineUp = true, Hints = inputs.Hints + 1 });
                break;
            case SupervisorMessage.EngineDown:
                _isEngineUp = false;
                TellAll(inputs => inputs with { IsEngineUp = false });
                break;
            case SupervisorMessage.Happened happened:
                Hint(happened.Id);
                break;
            case SupervisorMessage.Listed listed:
                foreach (var action in OrphanReconciler.Reconcile(_book, listed.Containers)) Act(action, runners);
                if (!HasListed.Current) HasListed.Publish(true);
                break;
            case SupervisorMessage.Discovered discovered:
                ApplyDiscovered(discovered.Ids);
                break;
            case SupervisorMessage.Proof proof:
                proof.Answer.TrySetResult();
                break;
            case SupervisorMessage.Ended ended:
                _runners.Remove(ended.Id);
                if (_book.Items.ContainsKey(ended.Id)) ApplyBook(runners);
                break;
        }
    }

    private void ApplyBook(OwnedTasks runners)
    {
        foreach (var (id, assignment) in _book.Items) Ensure(id, GoalOf(assignment), assignment, "", runners);
        if (!_book.IsKnown) return;
#if MUTANTS
        if (MutantSwitch.Is(Mutant.KeepOrphans)) return;
#endif
        foreach (var (id, runner) in _runners)
        {
            // What was only found stays as it is while nobody can say that it is unwanted.
            if (_book.Items.ContainsKey(id) || (runner.Inputs.Goal == RunnerGoal.Observe && !_book.RemovesOrphans)) continue;
            // The last assignment stays with it: its grace and drain delay are still the user's.
            Tell(runner, runner.Inputs with { Goal = RunnerGoal.Forget });
        }
    }

    private void Ensure(AllocationId id, RunnerGoal goal, Assignment? assignment, string containerId, OwnedTasks runners)
    {
        if (_runners.TryGetValue(id, out var runner))
        {
            Tell(runner, runner.Inputs with { Goal = goal, Assignment = assignment ?? runner.Inputs.Assignment });
            return;
        }
        var facts = _remembered.GetValueOrDefault(id) ?? new AllocationFacts { Id = id };
        var inputs = new RunnerInputs
        {
            Goal = goal,
            Assignment = assignment,
            IsEngineUp = _isEngineUp,
            IsInDiscovery = IsDiscovered(id),
            WasInDiscovery = IsDiscovered(id),
            IsResumed = _begunWith.Contains(id),
        };
        runner = new AllocationRunner(_context, containerId == "" ? facts : facts with { ContainerId = containerId }, inputs);
        if (runners.TryStart(token => RunAsync(id, runner, token))) _runners.Add(id, runner);
    }

    private async Task RunAsync(AllocationId id, AllocationRunner runner, CancellationToken cancellationToken)
    {
        await runner.RunAsync(cancellationToken);
        await PostAsync(new SupervisorMessage.Ended(id), cancellationToken);
    }

    // After a power cut an exclusive allocation may have been replaced: whoever starts it must have heard a manager.
    private RunnerGoal GoalOf(Assignment assignment) => assignment.Desired switch
    {
#if MUTANTS
        DesiredState.Run when MutantSwitch.Is(Mutant.WaitForManager) && !_hasManagerSpoken => RunnerGoal.Hold,
#endif
        DesiredState.Ready => RunnerGoal.Prepare,
        DesiredState.Run => assignment.Exclusive && !_hasManagerSpoken ? RunnerGoal.Hold : RunnerGoal.Run,
        DesiredState.Stop => RunnerGoal.Stop,
        _ => RunnerGoal.Remove,
    };

    private void Act(OrphanAction action, OwnedTasks runners)
    {
        var id = action.Allocation;
        switch (action)
        {
            case OrphanAction.Adopt adopt:
                HintIfDifferent(id, adopt.ContainerId, adopt.IsRunning);
                break;
            case OrphanAction.Start:
                HintIfDifferent(id, "", false);
                break;
            case OrphanAction.StopAndRemove orphan when !_runners.ContainsKey(id):
                Ensure(id, RunnerGoal.Forget, null, orphan.ContainerId, runners);
                break;
            case OrphanAction.Report report when !_runners.ContainsKey(id):
                Ensure(id, RunnerGoal.Observe, null, report.ContainerId, runners);
                break;
            case OrphanAction.Report report:
                HintIfDifferent(id, report.ContainerId, report.IsRunning);
                break;
            case OrphanAction.RemoveDuplicate duplicate when _runners.TryGetValue(id, out var runner):
                Tell(runner, runner.Inputs with { Duplicates = [duplicate.ContainerId], Hints = runner.Inputs.Hints + 1 });
                break;
        }
    }

    private void HintIfDifferent(AllocationId id, string containerId, bool isRunning)
    {
        var facts = _context.Board.Current.GetValueOrDefault(id)?.Facts;
        if (facts is null || facts.ContainerId != containerId || facts.IsRunning != isRunning) Hint(id);
    }

    private void Hint(AllocationId id)
    {
        if (_runners.TryGetValue(id, out var runner)) Tell(runner, runner.Inputs with { Hints = runner.Inputs.Hints + 1 });
    }

    private void ApplyDiscovered(ImmutableSortedSet<AllocationId> ids)
    {
        _discovered = ids;
        TellAll(inputs => inputs);
    }

    private void TellAll(Func<RunnerInputs, RunnerInputs> change)
    {
        foreach (var (id, runner) in _runners)
        {
            var isDiscovered = IsDiscovered(id);
            var was = runner.Inputs.WasInDiscovery || isDiscovered;
            Tell(runner, change(runner.Inputs) with { IsInDiscovery = isDiscovered, WasInDiscovery = was });
        }
    }

    // Until Consul was compared for the first time, callers may be sent to whatever runs.
    private bool IsDiscovered(AllocationId id) => _discovered?.Contains(id) ?? true;

    private static void Tell(AllocationRunner runner, RunnerInputs inputs)
    {
        if (inputs != runner.Inputs) runner.Tell(inputs);
    }
}

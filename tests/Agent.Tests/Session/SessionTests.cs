// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Agent.Allocations;
using ClusterManager.Agent.Node;
using ClusterManager.Agent.Session;
using ClusterManager.Agent.Tests.Simulated;
using ClusterManager.Hosting.Files;
using ClusterManager.Model;
using ClusterManager.Wire;
using ClusterManager.Wire.V1;
using Microsoft.Extensions.Logging.Abstractions;
using DockerErrorKind = ClusterManager.Agent.Docker.DockerErrorKind;

namespace ClusterManager.Agent.Tests.Session;

/// <summary>Sessions with simulated managers; the assignment's file is real.</summary>
public sealed partial class SessionTests : IDisposable
{
    private const string A = "10.0.0.1:7443";
    private const string B = "10.0.0.2:7443";
    private static readonly AllocationId Id = Make.Id(1);
    private readonly ClusterPaths _paths = new(Path.Combine(Path.GetTempPath(), $"cm-agent-{Guid.NewGuid():N}"));
    private readonly SimulatedNode _node = new();
    private readonly SimulatedManagers _managers = new();
    private AssignmentStore _store = null!;

    public void Dispose()
    {
        _node.Dispose();
        if (Directory.Exists(_paths.Root)) Directory.Delete(_paths.Root, recursive: true);
    }

    [Fact]
    public void Hello_names_node_cluster_and_version_and_the_first_report_repeats_everything()
    {
        Start(A);
        Lead(A);
        Until(() => _managers.Sessions.Count == 1 && _managers.Last.Received.Any(m => m.Status is not null), "a report");
        var hello = _managers.Last.Received[0].Hello;
        Assert.Equal(Make.Cluster.ToString(), hello.ClusterId);
        Assert.Equal(Make.Version(1, 1), hello.Applied.ToModel());
        Assert.Equal(2_000_000_000, hello.Facts.CpuNano);
        Assert.True(hello.EngineUp);
    }

    [Fact]
    public void Assignments_are_stored_applied_and_answered_and_reports_follow()
    {
        Start(A);
        Lead(A, session => session.Complete(Make.Version(2, 1), SimulatedSession.Wire(Id)));
        Until(() => _managers.Last.Statuses.Any(s => s.State == Wire.V1.AllocationState.Running), "running is reported");
        var applied = Assert.Single(_managers.Last.Applied);
        Assert.Equal(Make.Version(2, 1), applied.Version.ToModel());
        Assert.False(applied.NeedComplete);
        Assert.Equal([Id], Load().Book.Items.Keys);
    }

    [Fact]
    public void Credentials_of_a_registry_never_reach_the_disk()
    {
        Start(A);
        Lead(A, session => session.Complete(Make.Version(2, 1), SimulatedSession.Wire(Id)));
        Until(() => _managers.Sessions.Count > 0 && _managers.Last.Applied.Any(), "applied");
        Assert.Equal("c2VjcmV0", _store.Book.Items[Id].RegistryAuth);
        Assert.DoesNotContain("c2VjcmV0", File.ReadAllText(Path.Combine(_paths.AgentDirectory, AssignmentStore.FileName)),
            StringComparison.Ordinal);
        Assert.Null(Load().Book.Items[Id].RegistryAuth);
    }

    [Fact]
    public void A_gap_in_incremental_updates_asks_for_a_complete_one_and_changes_nothing()
    {
        Start(A);
        Lead(A, session =>
        {
            session.Complete(Make.Version(2, 1), SimulatedSession.Wire(Id));
            session.Incremental(Make.Version(2, 2), Make.Version(2, 3), SimulatedSession.Wire(Make.Id(2)));
        });
        Until(() => _managers.Sessions.Count > 0 && _managers.Last.Applied.Count() == 2, "both are answered");
        Assert.True(_managers.Last.Applied.Last().NeedComplete);
        Assert.Equal([Id], _store.Book.Items.Keys);
    }

    [Fact]
    public void A_leader_of_an_older_term_is_refused_and_deletes_nothing()
    {
        Start(A);
        Lead(A, session => session.Complete(Make.Version(5, 1), SimulatedSession.Wire(Id)));
        Until(() => _node.Has(Id, Model.AllocationState.Running), "running");
        _managers.Behaviours[A] = session =>
        {
            session.Say(new ManagerMessage { Welcome = new Welcome { Protocol = 1 } });
            session.Complete(Make.Version(4, 900));
        };
        _managers.Last.Break();
        Until(() => _managers.Sessions.Count >= 3, "it came back and was refused, twice");
        Assert.DoesNotContain(_managers.Sessions[1].Received, m => m.Applied is not null);
        Assert.Equal(Make.Version(5, 1), _store.Book.Version);
        Assert.True(_node.Container(Id).IsRunning);
    }

    [Fact]
    public void Another_clusters_assignment_is_refused()
    {
        Start(A);
        Lead(A, session => session.Say(
            SimulatedSession.Message(Assignments.Types.Kind.Complete, default, Make.Version(9, 9), [SimulatedSession.Wire(Id)],
                Make.OtherCluster)));
        Until(() => _managers.Sessions.Count >= 2, "the session was ended by us");
        Assert.Empty(_store.Book.Items);
    }

    [Fact]
    public void An_incarnation_is_believed_only_after_an_operator_confirmed_it()
    {
        Start(A);
        _managers.Behaviours[A] = session =>
        {
            session.Welcome(Make.Version(1, 0, incarnation: 2));
            session.Complete(Make.Version(1, 0, incarnation: 2), SimulatedSession.Wire(Id));
        };
        Until(() => _managers.Sessions.Count >= 2, "refused");
        Assert.Empty(_store.Book.Items);
        Directory.CreateDirectory(_paths.AgentDirectory);
        File.WriteAllText(Path.Combine(_paths.AgentDirectory, AssignmentStore.ConfirmationFileName), "2\n");
        Until(() => _store.Book.Items.Count == 1, "believed");
        Assert.Equal(2, _store.Book.Version.Incarnation);
    }

    [Fact]
    public void A_manager_that_does_not_lead_names_the_one_that_does_and_it_is_dialled_at_once()
    {
        Start(A, B);
        _managers.Behaviours[A] = session => session.Say(new ManagerMessage { NotLeader = new NotLeader { Address = "10.0.0.9:7443" } });
        Lead("10.0.0.9:7443");
        Until(() => _managers.Sessions.Count == 2, "the leader is dialled");
        Assert.Equal([A, "10.0.0.9:7443"], _managers.Sessions.Select(s => s.Address));
        Assert.True(_node.Scheduler.Time.Now < TimeSpan.FromMilliseconds(200));
    }

    [Fact]
    public void A_lost_session_is_replaced_within_half_a_second_by_the_next_manager()
    {
        Start(A, B);
        Lead(A);
        Lead(B);
        Until(() => _managers.Sessions.Count == 1 && _managers.Last.Received.Count > 1, "a session");
        var lost = _node.Scheduler.Time.Now;
        _managers.Last.Break();
        Until(() => _managers.Sessions.Count == 2, "the next one");
        Assert.True(_node.Scheduler.Time.Now - lost <= TimeSpan.FromMilliseconds(550));
        Assert.Equal(B, _managers.Last.Address);
    }

    [Fact]
    public void A_silent_manager_is_given_up_after_its_deadline()
    {
        Start(A);
        Lead(A, isBeating: false);
        Until(() => _managers.Sessions.Count == 2, "dialled again");
        Assert.InRange(_node.Scheduler.Time.Now, TimeSpan.FromSeconds(2.5), TimeSpan.FromSeconds(4));
        Assert.False(_managers.Sessions[0].IsOpen);
    }

    [Fact]
    public void Heartbeats_go_out_every_half_second()
    {
        Start(A);
        Lead(A);
        Until(() => _node.Scheduler.Time.Now > TimeSpan.FromSeconds(5), "five seconds");
        Assert.InRange(_managers.Sessions[0].Received.Count(m => m.Heartbeat is not null), 9, 11);
    }

    [Fact]
    public void Images_are_resolved_by_the_registry_and_by_the_engine()
    {
        Start(A);
        _node.Engine.Registry.Add("registry.lab:5000/web:1");
        Lead(A, session =>
        {
            session.Say(new ManagerMessage { ResolveImage = new ResolveImage { Request = 1, Image = "registry.lab:5000/web:1",
                AskRegistry = true } });
            session.Say(new ManagerMessage { ResolveImage = new ResolveImage { Request = 2, Image = "nowhere:1", AskRegistry = true } });
        });
        Until(() => _managers.Last.Received.Count(m => m.ImageResolution is not null) == 2, "both answers");
        var answers = _managers.Last.Received.Select(m => m.ImageResolution).Where(r => r is not null).ToDictionary(r => r.Request);
        Assert.Equal("sha256:r", answers[1].Digest);
        Assert.Equal((int)ReasonCode.ImageNotFound, answers[2].Failure.Code);
        Assert.Equal("", answers[2].LocalImageId);
    }

    [Fact]
    public void An_image_is_looked_for_pulled_where_it_may_be_and_told_to_be_there()
    {
        const string Image = "registry.lab:5000/web@sha256:new";
        Start(A);
        _node.Engine.Registry.Add(Image);
        Lead(A, session =>
        {
            session.Say(Pull(1, Image, mayPull: false));
            session.Say(Pull(2, "registry.lab:5000/gone@sha256:x"));
        });
        Until(() => Pulled(1).Length == 1 && Pulled(2).Length == 1, "both answers");
        Assert.True(_managers.Last.Received[0].Hello.Pulls);
        Assert.Equal(ImagePulled.Types.State.Absent, Pulled(1)[0].State);
        Assert.Equal(ImagePulled.Types.State.Failed, Pulled(2)[0].State);
        Assert.Equal((int)ReasonCode.ImageNotFound, Pulled(2)[0].Failure.Code);
        _managers.Last.Say(Pull(1, Image));
        Until(() => Pulled(1).Length == 2, "pulled");
        Assert.Equal(ImagePulled.Types.State.Present, Pulled(1)[1].State);
        Assert.Contains(Image, _node.Engine.Images);
        _managers.Last.Say(Pull(3, Image));
        Until(() => Pulled(3).Length == 1, "present");
        Assert.Equal(2, _node.Engine.Journal.Count(line => line.Contains("pull", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_pull_tells_how_far_it_is_and_ends_when_nobody_waits()
    {
        const string Image = "registry.lab:5000/web@sha256:slow";
        Start(A);
        _node.Engine.Registry.Add(Image);
        _node.Engine.PullTakes = TimeSpan.FromMinutes(10);
        _node.Engine.PullTells = [TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(3)];
        Lead(A, session => session.Say(Pull(1, Image)));
        Until(() => Pulled(1).Length == 2, "two tidings");
        Assert.All(Pulled(1), answer => Assert.Equal(ImagePulled.Types.State.Pulling, answer.State));
        Assert.True(Pulled(1)[1].Progress > Pulled(1)[0].Progress);
        _managers.Last.Say(new ManagerMessage { PullCancel = new PullCancel { Request = 1 } });
        _node.Scheduler.Advance(TimeSpan.FromMinutes(11));
        Assert.Equal(2, Pulled(1).Length);
        Assert.DoesNotContain(Image, _node.Engine.Images);
        Assert.True(_managers.Last.IsOpen);
    }

    [Fact]
    public void A_registry_that_does_not_answer_is_tried_three_times_and_an_engine_waited_for()
    {
        const string Image = "registry.lab:5000/web@sha256:new";
        Start(A);
        _node.Engine.Registry.Add(Image);
        for (var i = 0; i < 2; i++) _node.Engine.FailNext("pull", DockerErrorKind.RegistryUnreachable, "connection refused");
        Lead(A, session => session.Say(Pull(1, Image)));
        Until(() => Pulled(1).Length == 1, "the third time");
        Assert.Equal(ImagePulled.Types.State.Present, Pulled(1)[0].State);
        _node.Engine.Images.Clear();
        for (var i = 0; i < 3; i++) _node.Engine.FailNext("pull", DockerErrorKind.RegistryUnreachable, "connection refused");
        _managers.Last.Say(Pull(2, Image));
        Until(() => Pulled(2).Length == 1, "given up");
        Assert.Equal((int)ReasonCode.RegistryUnreachable, Pulled(2)[0].Failure.Code);
        for (var i = 0; i < 4; i++) _node.Engine.FailNext("image", DockerErrorKind.EngineUnavailable);
        _managers.Last.Say(Pull(3, Image));
        Until(() => Pulled(3).Length == 1, "the engine is back");
        Assert.Equal(ImagePulled.Types.State.Present, Pulled(3)[0].State);
    }

    private static ManagerMessage Pull(long request, string image, bool mayPull = true) =>
        new() { PullImage = new PullImage { Request = request, Image = image, Pull = mayPull } };

    private ImagePulled[] Pulled(long request) => _managers.Sessions.Count == 0 ? []
        : [.. _managers.Last.Received.Select(m => m.ImagePulled).Where(answer => answer?.Request == request)];

    [Fact]
    public void Logs_of_an_allocation_are_sent_to_their_end_and_an_unknown_one_is_told()
    {
        Start(A);
        Lead(A, session => session.Complete(Make.Version(2, 1), SimulatedSession.Wire(Id)));
        Until(() => _node.Has(Id, Model.AllocationState.Running), "running");
        _managers.Last.Say(new ManagerMessage { LogRequest = new LogRequest { Request = 7, Allocations = { Id.ToWire(),
            Make.Id(99).ToWire() } } });
        Until(() => _managers.Last.AreLogsComplete, "complete");
        var lines = _managers.Last.Logs.SelectMany(l => l.Lines).Select(l => l.Text.ToStringUtf8()).ToArray();
        Assert.Equal(["web.1.1-1-1 line 1", "web.1.1-1-1 line 2", "web.1.1-1-1 line 3"], lines);
        Assert.Equal(99, _managers.Last.Logs.Single(l => l.Failure is not null).Failed.ServiceId);
        Assert.All(_managers.Last.Logs, l => Assert.Equal(7, l.Request));
    }

    [Fact]
    public void A_log_request_that_follows_ends_when_it_is_cancelled()
    {
        Start(A);
        Lead(A, session => session.Complete(Make.Version(2, 1), SimulatedSession.Wire(Id)));
        Until(() => _node.Has(Id, Model.AllocationState.Running), "running");
        _managers.Last.Say(new ManagerMessage { LogRequest = new LogRequest { Request = 7, Follow = true,
            Allocations = { Id.ToWire() } } });
        Until(() => _managers.Last.Logs.Sum(l => l.Lines.Count) == 3, "the lines");
        _managers.Last.Say(new ManagerMessage { LogCancel = new LogCancel { Request = 7 } });
        _node.Scheduler.Advance(TimeSpan.FromSeconds(1));
        Assert.False(_managers.Last.AreLogsComplete);
        Assert.Single(_managers.Sessions);
    }

    [Fact]
    public async Task A_cut_short_file_falls_back_to_the_generation_before_it()
    {
        var store = Load();
        Assert.Equal(GateVerdict.Accept, await store.ApplyAsync(Make.Complete(Make.Version(2, 1), Make.Assignment(Id)), default));
        Assert.Equal(GateVerdict.Accept, await store.ApplyAsync(Make.Complete(Make.Version(2, 2)), default));
        var file = Path.Combine(_paths.AgentDirectory, AssignmentStore.FileName);
        await File.WriteAllBytesAsync(file, (await File.ReadAllBytesAsync(file))[..^1]);
        var again = Load();
        Assert.True(again.Book.IsKnown);
        Assert.Equal(Make.Version(2, 1), again.Book.Version);
        Assert.Equal([Id], again.Book.Items.Keys);
    }

    [Fact]
    public async Task Two_damaged_generations_make_the_assignment_unknown_at_the_version_that_the_node_remembers()
    {
        await Load().ApplyAsync(Make.Complete(Make.Version(2, 1), Make.Assignment(Id)), default);
        await File.WriteAllTextAsync(Path.Combine(_paths.AgentDirectory, AssignmentStore.FileName), "rubbish");
        var again = Load();
        Assert.False(again.Book.IsKnown);
        Assert.Equal(Make.Version(1, 1), again.Book.Version);
    }

    private AssignmentStore Load()
    {
        var store = new AssignmentStore(_paths, Make.Cluster, Make.Version(1, 1), NullLogger<AssignmentStore>.Instance);
        store.LoadAsync(default).GetAwaiter().GetResult();
        return store;
    }

    private SessionContext Start(params string[] addresses)
    {
        _store = Load();
        _node.Start();
        var directory = new ManagerDirectory(
            _paths, new NodeFileKeeper(_paths), new TrustKeeper(_paths, null!), [.. addresses], NullLogger<ManagerDirectory>.Instance);
        var context = new SessionContext
        {
            Runners = _node.Context,
            Store = _store,
            Supervisor = _node.Supervisor,
            Engine = _node.Watch,
            Discovery = _node.Discovery,
            Directory = directory,
            Loggers = NullLoggerFactory.Instance,
        };
        _node.Run(new SessionLoop(context, _managers).RunAsync);
        return context;
    }

    // A leader at this address: says welcome, then what the test wants, then beats for two minutes.
    private void Lead(string address, Action<SimulatedSession>? says = null, bool isBeating = true) =>
        _managers.Behaviours[address] = session =>
    {
        session.Welcome(Make.Version(2, 0));
        says?.Invoke(session);
        if (isBeating) _node.Run(token => BeatAsync(session, token));
    };

    private async Task BeatAsync(SimulatedSession session, CancellationToken cancellationToken)
    {
        while (session.IsOpen)
        {
            session.Beat();
            await Task.Delay(TimeSpan.FromMilliseconds(500), _node.Scheduler.Time, cancellationToken);
        }
    }

    private void Until(Func<bool> condition, string because) =>
        _node.Scheduler.UntilWithFiles(condition, TimeSpan.FromSeconds(30), because);
}

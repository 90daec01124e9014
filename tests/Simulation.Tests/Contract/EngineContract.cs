// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Agent.Docker;
using ClusterManager.Simulation.Docker;

namespace ClusterManager.Simulation.Tests.Contract;

/// <summary>
/// What the agent believes of a container engine. Held by the simulated one and by a real one, or the simulation proves nothing.
/// </summary>
public abstract class EngineContract
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);
    private static readonly CancellationToken None = CancellationToken.None;

    internal abstract IEngineUnderTest Engine { get; }

    [Fact]
    public async Task A_created_container_has_not_started_and_is_found_by_name_id_and_labels()
    {
        var request = Labelled(ImageBehaviour.Good, out var label);
        var id = await CreateAsync(request);

        var byName = await Engine.DoAsync(engine => engine.InspectContainerAsync(request.Name, None));
        Assert.Equal((id, ContainerState.Created, (DateTimeOffset?)null), (byName.Id, byName.State, byName.Started));
        Assert.Equal(request.Name, (await InspectAsync(id)).Name);
        Assert.Equal([id], (await ListAsync(label)).Select(one => one.Id));
        Assert.Equal([id], (await ListAsync(label.Split('=')[0], label)).Select(one => one.Id));
        Assert.Empty(await ListAsync(label, "contract.other"));
        Assert.Empty(await ListAsync($"{label}-not"));
    }

    [Fact]
    public async Task A_list_begins_with_the_newest()
    {
        var request = Labelled(ImageBehaviour.Good, out var label);
        var older = await CreateAsync(request);
        var newer = await CreateAsync(Engine.Request(ImageBehaviour.Good) with { Labels = request.Labels });

        Assert.Equal([newer, older], (await ListAsync(label)).Select(one => one.Id));
    }

    [Fact]
    public async Task A_name_is_taken_until_its_container_is_removed()
    {
        var request = Engine.Request(ImageBehaviour.Good);
        var first = await CreateAsync(request);
        await FailsAsync(DockerErrorKind.NameTaken, engine => engine.CreateContainerAsync(request, None));

        await RemoveAsync(first, force: false);

        Assert.NotEqual(first, await CreateAsync(request));
    }

    [Fact]
    public async Task What_is_not_there_is_not_found()
    {
        await FailsAsync(DockerErrorKind.NotFound, engine => engine.InspectContainerAsync("nobody", None));
        await FailsAsync(DockerErrorKind.NotFound, engine => Done(engine.StartContainerAsync("nobody", None)));
        await FailsAsync(DockerErrorKind.NotFound, engine => Done(engine.StopContainerAsync("nobody", Grace, None)));
        await FailsAsync(DockerErrorKind.NotFound, engine => Done(engine.KillContainerAsync("nobody", "SIGKILL", None)));
        await FailsAsync(DockerErrorKind.NotFound, engine => Done(engine.RemoveContainerAsync("nobody", true, true, None)));
        await FailsAsync(DockerErrorKind.ImageNotFound, engine =>
            engine.CreateContainerAsync(Engine.Request(ImageBehaviour.Missing), None));
    }

    [Fact]
    public async Task Starting_twice_is_one_run()
    {
        var id = await StartAsync(ImageBehaviour.Good);
        var first = await InspectAsync(id);

        await Engine.DoAsync(engine => Done(engine.StartContainerAsync(id, None)));

        var second = await InspectAsync(id);
        Assert.Equal((ContainerState.Running, first.Started), (second.State, second.Started));
        Assert.Null(second.Finished);
    }

    [Fact]
    public async Task A_stop_lets_the_process_end_and_stopping_again_succeeds()
    {
        var id = await StartAsync(ImageBehaviour.Good);

        await StopAsync(id);
        await StopAsync(id);

        var details = await InspectAsync(id);
        Assert.Equal((ContainerState.Exited, 0), (details.State, details.ExitCode));
        Assert.True(details.Finished >= details.Started);
        await StopAsync(await CreateAsync(Engine.Request(ImageBehaviour.Good)));
    }

    [Fact]
    public async Task What_ignores_the_stop_is_killed_after_the_grace_and_not_before()
    {
        var id = await StartAsync(ImageBehaviour.Stubborn);

        await StopAsync(id);

        var details = await InspectAsync(id);
        Assert.Equal((ContainerState.Exited, 137), (details.State, details.ExitCode));
        Assert.True(details.Finished - details.Started >= Grace);
    }

    [Fact]
    public async Task What_ended_by_itself_keeps_its_exit_code_and_runs_again_when_started()
    {
        var id = await StartAsync(ImageBehaviour.Crash);
        await EndedAsync(id);
        var first = await InspectAsync(id);
        Assert.Equal((ContainerState.Exited, 1), (first.State, first.ExitCode));

        await Engine.DoAsync(engine => Done(engine.StartContainerAsync(id, None)));
        await EndedAsync(id);

        var second = await InspectAsync(id);
        Assert.True(second.Started > first.Finished);
        Assert.Equal(1, second.ExitCode);
    }

    [Fact]
    public async Task What_can_not_start_is_refused_and_has_never_started()
    {
        var id = await CreateAsync(Engine.Request(ImageBehaviour.NoStart));

        await FailsAsync(DockerErrorKind.InvalidConfiguration, engine => Done(engine.StartContainerAsync(id, None)));

        var details = await InspectAsync(id);
        Assert.Equal((ContainerState.Created, (DateTimeOffset?)null), (details.State, details.Started));
    }

    [Fact]
    public async Task A_running_container_is_removed_only_by_force()
    {
        var id = await StartAsync(ImageBehaviour.Good);
        await FailsAsync(DockerErrorKind.Conflict, engine => Done(engine.RemoveContainerAsync(id, false, true, None)));
        Assert.Equal(ContainerState.Running, (await InspectAsync(id)).State);

        await RemoveAsync(id, force: true);

        await FailsAsync(DockerErrorKind.NotFound, engine => engine.InspectContainerAsync(id, None));
    }

    [Fact]
    public async Task A_kill_ends_what_runs_and_is_refused_for_what_does_not()
    {
        var id = await StartAsync(ImageBehaviour.Stubborn);

        await Engine.DoAsync(engine => Done(engine.KillContainerAsync(id, "SIGKILL", None)));
        await EndedAsync(id);

        Assert.Equal(137, (await InspectAsync(id)).ExitCode);
        await FailsAsync(DockerErrorKind.Conflict, engine => Done(engine.KillContainerAsync(id, "SIGKILL", None)));
    }

    [Fact]
    public async Task A_wait_is_answered_at_once_for_what_has_ended_and_with_its_code()
    {
        var id = await StartAsync(ImageBehaviour.Crash);

        var first = await Engine.DoAsync(engine => engine.WaitContainerAsync(id, WaitCondition.NotRunning, null, None));
        var second = await Engine.DoAsync(engine => engine.WaitContainerAsync(id, WaitCondition.NotRunning, null, None));

        Assert.Equal((1, 1), (first.ExitCode, second.ExitCode));
        await FailsAsync(DockerErrorKind.NotFound, engine => engine.WaitContainerAsync("nobody", WaitCondition.NotRunning, null, None));
    }

    [Fact]
    public async Task A_port_of_the_host_is_given_once()
    {
        var ports = new[] { new PortBinding(new ContainerPort(80), 18080) };
        var first = await CreateAsync(Engine.Request(ImageBehaviour.Good) with { Ports = ports });
        var second = await CreateAsync(Engine.Request(ImageBehaviour.Good) with { Ports = ports });
        await Engine.DoAsync(engine => Done(engine.StartContainerAsync(first, None)));

        await FailsAsync(DockerErrorKind.PortTaken, engine => Done(engine.StartContainerAsync(second, None)));
        Assert.Null((await InspectAsync(second)).Started);
        Assert.All((await InspectAsync(first)).Ports, port => Assert.Equal(18080, port.HostPort));
        await StopAsync(first);

        await Engine.DoAsync(engine => Done(engine.StartContainerAsync(second, None)));
        Assert.Empty((await InspectAsync(first)).Ports);
        await RemoveAsync(second, force: true);
    }

    [Fact]
    public async Task Events_of_a_label_tell_a_life_in_its_order_and_the_past_is_told_again()
    {
        var request = Labelled(ImageBehaviour.Crash, out var label);
        var filter = new EngineEventFilter { Types = ["container"], Actions = ["create", "start", "die", "destroy"], Labels = [label] };
        await using var events = await Engine.DoAsync(engine => engine.OpenEventsAsync(null, filter, None));
        var id = await CreateAsync(request);
        await StartAsync(ImageBehaviour.Good);
        await Engine.DoAsync(engine => Done(engine.StartContainerAsync(id, None)));
        await EndedAsync(id);
        await RemoveAsync(id, force: false);

        var seen = await ReadAsync(events, 4);
        Assert.Equal(["create", "start", "die", "destroy"], seen.Select(one => one.Action));
        Assert.All(seen, one => Assert.Equal(("container", id), (one.Type, one.ActorId)));
        Assert.Equal("1", seen[2].Attributes["exitCode"]);
        Assert.Equal(seen.OrderBy(one => one.UnixNanoseconds), seen);

        await using var again = await Engine.DoAsync(engine => engine.OpenEventsAsync(seen[2].UnixNanoseconds, filter, None));
        Assert.Equal(["die", "destroy"], (await ReadAsync(again, 2)).Select(one => one.Action));
    }

    [Fact]
    public async Task An_engine_that_ends_takes_its_containers_with_it_and_breaks_what_waits()
    {
        var obedient = await StartAsync(ImageBehaviour.Good);
        var stubborn = await StartAsync(ImageBehaviour.Stubborn);
        var untouched = await CreateAsync(Engine.Request(ImageBehaviour.Good));
        var events = await Engine.DoAsync(engine => engine.OpenEventsAsync(null, EngineEventFilter.All, None));

        await Engine.RestartAsync(
            liveRestore: false, () => FailsAsync(DockerErrorKind.EngineUnavailable, engine => engine.GetInfoAsync(None)));

        await Assert.ThrowsAsync<DockerException>(() => DrainAsync(events));
        await using var _ = events;
        Assert.Equal((ContainerState.Exited, 0), StateOf(await InspectAsync(obedient)));
        Assert.Equal((ContainerState.Exited, 137), StateOf(await InspectAsync(stubborn)));
        Assert.Equal(ContainerState.Created, (await InspectAsync(untouched)).State);
        await Engine.DoAsync(engine => Done(engine.StartContainerAsync(obedient, None)));
        Assert.Equal(ContainerState.Running, (await InspectAsync(obedient)).State);
    }

    [Fact]
    public async Task An_engine_with_live_restore_finds_its_containers_as_they_were()
    {
        var id = await StartAsync(ImageBehaviour.Good);
        var before = await InspectAsync(id);

        await Engine.RestartAsync(liveRestore: true, () => FailsAsync(DockerErrorKind.EngineUnavailable,
            engine => engine.InspectContainerAsync(id, None)));

        var after = await InspectAsync(id);
        Assert.Equal((ContainerState.Running, before.Started), (after.State, after.Started));
        await StopAsync(id);
        Assert.Equal((ContainerState.Exited, 0), StateOf(await InspectAsync(id)));
    }

    private static (ContainerState State, int ExitCode) StateOf(ContainerDetails details) => (details.State, details.ExitCode);

    private ContainerRequest Labelled(ImageBehaviour behaviour, out string label)
    {
        var request = Engine.Request(behaviour);
        label = $"contract.test={request.Name}";
        return request with { Labels = new Dictionary<string, string> { ["contract.test"] = request.Name } };
    }

    private async Task<string> CreateAsync(ContainerRequest request) =>
        (await Engine.DoAsync(engine => engine.CreateContainerAsync(request, None))).Id;

    private async Task<string> StartAsync(ImageBehaviour behaviour)
    {
        var id = await CreateAsync(Engine.Request(behaviour));
        await Engine.DoAsync(engine => Done(engine.StartContainerAsync(id, None)));
        return id;
    }

    private Task<ContainerDetails> InspectAsync(string id) => Engine.DoAsync(engine => engine.InspectContainerAsync(id, None));

    private Task<IReadOnlyList<ContainerSummary>> ListAsync(params string[] labels) =>
        Engine.DoAsync(engine => engine.ListContainersAsync(labels, None));

    private async Task StopAsync(string id) => await Engine.DoAsync(engine => Done(engine.StopContainerAsync(id, Grace, None)));

    private async Task RemoveAsync(string id, bool force) =>
        await Engine.DoAsync(engine => Done(engine.RemoveContainerAsync(id, force, true, None)));

    private Task EndedAsync(string id) => Engine.UntilAsync(async engine =>
        (await engine.InspectContainerAsync(id, None)).State == ContainerState.Exited);

    private async Task<List<EngineEvent>> ReadAsync(IEngineEventReader events, int count)
    {
        var seen = new List<EngineEvent>();
        while (seen.Count < count) seen.Add(await Engine.DoAsync(_ => events.ReadAsync(None).AsTask()));
        return seen;
    }

    private async Task DrainAsync(IEngineEventReader events)
    {
        while (true) await ReadAsync(events, 1);
    }

    private async Task FailsAsync<T>(DockerErrorKind kind, Func<IContainerEngine, Task<T>> call)
    {
        var error = await Assert.ThrowsAsync<DockerException>(() => Engine.DoAsync(call));
        Assert.True(kind == error.Kind, $"expected {kind}, was {error.Kind}: {error.Message}");
    }

    private static async Task<bool> Done(Task call)
    {
        await call;
        return true;
    }
}

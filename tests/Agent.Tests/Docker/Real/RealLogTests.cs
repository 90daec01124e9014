// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Agent.Docker;

namespace ClusterManager.Agent.Tests.Docker;

/// <summary>Reading output from real engines.</summary>
public sealed class RealLogTests(EnginesFixture engines) : RealEngineTests(engines)
{
    [Theory, MemberData(nameof(Engines))]
    public async Task Both_streams_come_apart_with_times(string engine)
    {
        var client = Client(engine);
        var details = await RunAsync(client, Script("echo out1; sleep 0.1; echo err >&2; sleep 0.1; echo; printf 'half ü'"));

        var lines = await LogsAsync(client, details.Id);
        var errors = await LogsAsync(client, details.Id, new LogRequest { Stdout = false });

        Assert.Equal(
            [(LogStream.Stdout, "out1"), (LogStream.Stderr, "err"), (LogStream.Stdout, ""), (LogStream.Stdout, "half ü")],
            lines.Select(line => (line.Stream, line.Text)));
        Assert.Equal(["err"], errors.Select(line => line.Text));
        Assert.All(lines, line => Assert.InRange(line.Time, details.Created, details.Finished!.Value.AddSeconds(1)));
        Assert.True(lines.Zip(lines.Skip(1)).All(pair => pair.First.UnixNanoseconds <= pair.Second.UnixNanoseconds));
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task A_reader_resumes_at_the_time_of_its_last_line(string engine)
    {
        var client = Client(engine);
        var details = await RunAsync(client, Script("for i in 1 2 3 4 5; do echo $i; sleep 0.02; done"));
        var all = await LogsAsync(client, details.Id);

        var since = await LogsAsync(client, details.Id, new LogRequest { SinceUnixNanoseconds = all[2].UnixNanoseconds });
        var until = await LogsAsync(client, details.Id, new LogRequest { UntilUnixNanoseconds = all[2].UnixNanoseconds });
        var tail = await LogsAsync(client, details.Id, new LogRequest { Tail = 2 });

        Assert.Equal(["1", "2", "3", "4", "5"], all.Select(line => line.Text));
        Assert.Equal(["3", "4", "5"], since.Select(line => line.Text));
        Assert.Equal(["1", "2", "3"], until.Select(line => line.Text));
        Assert.Equal(["4", "5"], tail.Select(line => line.Text));
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task Following_goes_on_until_the_container_ends(string engine)
    {
        var client = Client(engine);
        var id = await StartAsync(client, Script("for i in 1 2 3; do echo $i; sleep 0.2; done"));

        var lines = await LogsAsync(client, id, new LogRequest { Follow = true });

        Assert.Equal(["1", "2", "3"], lines.Select(line => line.Text));
        Assert.Equal(ContainerState.Exited, (await UntilAsync(client, id, details => details.State == ContainerState.Exited)).State);
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task Following_a_silent_container_can_be_given_up(string engine)
    {
        var client = Client(engine);
        var id = await StartAsync(client, Script("sleep 60"));
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(Deadline);
        cancel.CancelAfter(TimeSpan.FromMilliseconds(300));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var line in client.ReadLogsAsync(id, new LogRequest { Follow = true }, cancel.Token))
                Assert.Fail(line.Text);
        });

        await client.RemoveContainerAsync(id, force: true, removeAnonymousVolumes: true, Deadline);
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task A_long_line_comes_whole_and_a_very_long_one_in_pieces(string engine)
    {
        var client = Client(engine);
        // The engine itself cuts at 16 KiB, and puts a time before each piece.
        var details = await RunAsync(client,
            Script("head -c 40000 /dev/zero | tr '\\0' a; echo; head -c 150000 /dev/zero | tr '\\0' b; echo; echo end"));

        var lines = await LogsAsync(client, details.Id);

        Assert.Equal([(40000, false), (65536, true), (65536, true), (18928, false), (3, false)],
            lines.Select(line => (line.Text.Length, line.Continues)));
        Assert.True(lines[0].Text.All(letter => letter == 'a') && lines[1..4].All(line => line.Text.All(letter => letter == 'b')));
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task A_terminal_has_one_stream_and_no_frames(string engine)
    {
        var client = Client(engine);
        var details = await RunAsync(client, Script("echo one; echo two >&2; printf three") with { Tty = true });

        var lines = await LogsAsync(client, details.Id);

        Assert.True(details.Tty);
        Assert.Equal([(LogStream.Stdout, "one"), (LogStream.Stdout, "two"), (LogStream.Stdout, "three")],
            lines.Select(line => (line.Stream, line.Text)));
        Assert.All(lines, line => Assert.True(line.UnixNanoseconds > 0));
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task The_local_driver_reads_back_alike(string engine)
    {
        var client = Client(engine);
        var details = await RunAsync(client, Script("echo out; echo err >&2") with { LogDriver = "local" });

        var lines = await LogsAsync(client, details.Id);

        Assert.Equal(["err", "out"], lines.Select(line => line.Text).Order(StringComparer.Ordinal));
    }
}

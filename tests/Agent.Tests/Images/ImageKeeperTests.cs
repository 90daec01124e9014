// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using ClusterManager.Agent.Docker;
using ClusterManager.Agent.Images;
using ClusterManager.Agent.Telemetry;
using ClusterManager.Agent.Tests.Simulated;
using ClusterManager.Hosting.Concurrency;
using ClusterManager.Hosting.Files;
using ClusterManager.Model;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClusterManager.Agent.Tests.Images;

/// <summary>The loop over a simulated engine and disk; its file is real.</summary>
public sealed class ImageKeeperTests : IDisposable
{
    private const string Old = "registry.lab:5000/web@sha256:old";
    private const string Before = "registry.lab:5000/web@sha256:before";
    private const string ByHand = "web:by-hand";
    private static readonly AllocationId Id = Make.Id(1);
    private readonly ClusterPaths _paths = new(Path.Combine(Path.GetTempPath(), $"cm-keeper-{Guid.NewGuid():N}"));
    private readonly SimulatedNode _node = new();
    private readonly LatestValue<DiskReport?> _disk = new(null);
    private readonly KeepSource _keeps = new();
    private readonly List<ImmutableArray<string>> _asked = [];
    private ImageSettings _settings = new() { UnusedFor = TimeSpan.FromHours(1), Interval = TimeSpan.FromSeconds(1) };
    private int _looks;
    private DiskSpace? _space = new(50L << 30, 100L << 30);

    public ImageKeeperTests() => _paths.CreateDirectories();

    private HashSet<string> Images => _node.Engine.Images;

    private string Running => Make.Assignment(Id).Image;

    public void Dispose()
    {
        _node.Dispose();
        Directory.Delete(_paths.Root, recursive: true);
    }

    [Fact]
    public void What_is_old_goes_and_what_runs_is_kept_by_the_cluster_or_came_by_hand_stays()
    {
        Start(kept: Before);
        Assert.Equal([Running, Before, ByHand], Images.Order(StringComparer.Ordinal));
        Assert.Equal(["rmi " + Old], _node.Journal.Where(one => one.StartsWith("rmi", StringComparison.Ordinal)));
        Assert.DoesNotContain(_asked, images => images.Contains(ByHand) || images.Contains(Running));
        Assert.Equal(1, _disk.Current!.Swept!.Images);
    }

    [Fact]
    public void While_nobody_says_what_is_kept_nothing_goes()
    {
        Start();
        Assert.Contains(Old, Images);
        Answer();
        Look();
        Assert.DoesNotContain(Old, Images);
    }

    [Fact]
    public void An_assignment_that_could_not_be_read_protects_everything()
    {
        Start(kept: Before, isBookKnown: false);
        Assert.Contains(Old, Images);
        Assert.Empty(_asked);
    }

    [Fact]
    public void Need_removes_until_the_low_mark_and_no_further()
    {
        _settings = _settings with { UnusedFor = null };
        _space = new DiskSpace(10L << 30, 100L << 30);
        _node.Engine.Removed = _ => _space = _space! with { FreeBytes = _space.FreeBytes + (16L << 30) };
        Start(kept: "none");
        Assert.Contains(Before, Images);
        Assert.DoesNotContain(Old, Images);
        Assert.Equal(16L << 30, _disk.Current!.Swept!.Bytes);
    }

    [Fact]
    public void A_container_that_came_meanwhile_keeps_its_image_by_the_engines_word()
    {
        _settings = _settings with { Interval = TimeSpan.FromMinutes(1) };
        _node.Engine.FailNext("rmi", DockerErrorKind.Conflict, "image is being used");
        Start(kept: Before);
        Assert.Contains(Old, Images);
        Assert.Null(_disk.Current!.Swept);
        _settings = _settings with { Interval = TimeSpan.FromSeconds(1) };
        Look();
        Assert.DoesNotContain(Old, Images);
    }

    [Fact]
    public async Task What_was_pulled_is_remembered_over_a_restart_and_a_damaged_file_makes_it_somebody_elses()
    {
        Start(kept: Old);
        _node.Stop();
        var ledger = new ImageLedger();
        Assert.Null(await new ImageLedgerFile(_paths).LoadAsync(ledger, CancellationToken.None));
        Assert.True(ledger.Entries[Old].IsOurs);
        Assert.True(ledger.Entries[Running].IsOurs);
        foreach (var file in Directory.GetFiles(_paths.AgentDirectory)) File.WriteAllText(file, "damaged");
        ledger = new ImageLedger();
        Assert.NotNull(await new ImageLedgerFile(_paths).LoadAsync(ledger, CancellationToken.None));
        Assert.Empty(ledger.Entries);
    }

    [Fact]
    public void The_disk_is_told_when_it_is_too_full_and_when_it_has_room_again()
    {
        Start(kept: Before);
        Assert.False(_disk.Current!.IsPressed);
        _space = new DiskSpace(1L << 20, 100L << 30);
        Look();
        Assert.True(_disk.Current!.IsPressed);
        _space = new DiskSpace(40L << 30, 100L << 30);
        Look();
        Assert.False(_disk.Current!.IsPressed);
    }

    // The agent pulls what it runs; two more it has pulled long ago; one came by hand. Two hours pass.
    private void Start(string? kept = null, bool isBookKnown = true)
    {
        Images.Clear();
        _node.Engine.Registry.Add(Running);
        _node.Start();
        _node.Assign(Make.Assignment(Id));
        _node.UntilState(Id, AllocationState.Running);
        foreach (var image in new[] { Old, Before, ByHand }) Images.Add(image);
        foreach (var image in new[] { Old, Before }) End(image);
        if (kept is not null) Answer(kept);
        _node.Scheduler.Advance(TimeSpan.FromHours(2));
        var parts = new ImageKeeperParts
        {
            File = new ImageLedgerFile(_paths), ReadSettings = Settings, Measure = () => _space,
            Book = () => isBookKnown ? _node.Book : Agent.Allocations.AssignmentBook.Unknown(default), Keeps = _keeps, Disk = _disk,
        };
        _node.Run(new ImageKeeper(_node.Context, parts, NullLogger<ImageKeeper>.Instance).RunAsync);
        Look();
    }

    // Files are real: only a look that begins says that the one before has ended.
    private void Look()
    {
        var next = _looks + 2;
        _node.Scheduler.UntilWithFiles(() => _looks >= next, TimeSpan.FromMinutes(10), "two more looks");
    }

    private (ImageSettings Settings, string? Problem) Settings()
    {
        _looks++;
        return (_settings, null);
    }

    private void End(string image)
    {
        _node.Context.Images.Begin(image);
        _node.Context.Images.End(image, isDone: true, _node.Scheduler.Time.GetUtcNow());
        _node.Scheduler.Advance(TimeSpan.FromSeconds(1));
    }

    private void Answer(params string[] kept) => _keeps.Open((images, _, _) =>
    {
        _asked.Add(images);
        return Task.FromResult<IReadOnlyCollection<string>?>([.. images.Intersect(kept)]);
    });
}

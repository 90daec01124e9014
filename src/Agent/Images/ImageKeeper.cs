// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using ClusterManager.Agent.Allocations;
using ClusterManager.Agent.Docker;
using ClusterManager.Agent.Telemetry;
using ClusterManager.Hosting.Concurrency;
using ClusterManager.Hosting.Logging;
using ClusterManager.Hosting.Time;
using Microsoft.Extensions.Logging;

namespace ClusterManager.Agent.Images;

/// <summary>
/// Looks at the engine's disk every minute and after each pull: says how full it is, and removes images that nothing needs. What is needed
/// it knows from the engine, from the assignment and from the leader; without all three nothing is removed.
/// </summary>
/// <param name="runners">The engine, the clock, the ledger.</param>
/// <param name="parts">What else it works with.</param>
/// <param name="logger">For what was removed.</param>
internal sealed partial class ImageKeeper(RunnerContext runners, ImageKeeperParts parts, ILogger<ImageKeeper> logger)
{
    private static readonly TimeSpan Spacing = TimeSpan.FromSeconds(1);

    // How soon other settings are obeyed.
    private static readonly TimeSpan SettingsInterval = TimeSpan.FromSeconds(5);
    private readonly ImageRemover _remover = new(runners.Engine, runners.Images);
    private SweepResult? _swept;
    private bool _isFailing;

    private TimeProvider Time => runners.Clock.Provider;

    /// <summary>Runs until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        if (await parts.File.LoadAsync(runners.Images, cancellationToken) is { } damage) LogLedgerDamaged(logger, damage);
        var pulls = runners.Images.Pulled.Subscribe();
        pulls.TryNext(out _);
        ImageSettings? known = null;
        var (due, hasPulled) = (TimeSpan.Zero, false);
        while (true)
        {
            var (settings, problem) = parts.ReadSettings();
            if (problem is not null) LogSettingsRefused(logger, problem);
            if (hasPulled || settings != known || runners.Clock.Now >= due)
            {
                known = settings;
                await LookAsync(settings, cancellationToken);
                await WriteAsync(cancellationToken);
                due = runners.Clock.Now + settings.Interval;
            }

            await Task.Delay(Spacing, Time, cancellationToken);
            using var wait = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            var pull = pulls.NextAsync(wait.Token).AsTask();
            var pause = due - runners.Clock.Now;
            await Task.WhenAny(pull, Pause.ForAsync(pause < SettingsInterval ? pause : SettingsInterval, Time, wait.Token));
            hasPulled = pull.IsCompletedSuccessfully;
            wait.Cancel();
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    private async Task LookAsync(ImageSettings settings, CancellationToken cancellationToken)
    {
        var disk = parts.Measure();
        Tell(disk, settings);
        if (settings.Removal == ImageRemoval.Off) return;
        try
        {
            var node = await FindAsync(settings, cancellationToken);
            var isPressed = disk is not null && ImageSettings.IsAbove(disk, settings.HighPercent);
            await SweepAsync(ImageSweep.Candidates(node, settings, Time.GetUtcNow()), disk, isPressed, settings, cancellationToken);
        }
        catch (DockerException error)
        {
            LogSweepFailed(logger, error.Kind, error.Message);
        }
    }

    private void Tell(DiskSpace? disk, ImageSettings settings)
    {
        if (disk is null) return;
        var before = parts.Disk.Current;
        var report = new DiskReport(disk, DiskReport.Judge(disk, before?.IsPressed == true, settings), _swept);
        if (report.IsPressed != (before?.IsPressed == true))
        {
            if (report.IsPressed) LogPressed(logger, disk.FreeBytes, disk.SizeBytes);
            else LogEased(logger, disk.FreeBytes, disk.SizeBytes);
        }

        if (!report.IsAlike(before)) parts.Disk.Publish(report);
    }

    private async Task<NodeImages> FindAsync(ImageSettings settings, CancellationToken cancellationToken)
    {
        var known = runners.Images.Entries.Keys.ToList();
        // Containers last: one that is made while the images are listed is seen.
        var images = await runners.Engine.ListImagesAsync(cancellationToken);
        var containers = await runners.Engine.ListContainersAsync([], cancellationToken);
        var used = containers.Select(container => container.ImageId).ToHashSet(StringComparer.Ordinal);
        var now = Time.GetUtcNow();
        var there = images.SelectMany(ImageSweep.KeysOf).ToHashSet(StringComparer.Ordinal);
        foreach (var gone in known.Where(name => !there.Contains(name))) runners.Images.Forget(gone);
        foreach (var image in images)
        {
            if (settings.Removal == ImageRemoval.All) runners.Images.Notice(image.Id, now);
            if (!used.Contains(image.Id)) continue;
            foreach (var name in ImageSweep.KeysOf(image)) runners.Images.Use(name, now);
        }

        return new NodeImages
        {
            Images = images,
            UsedIds = used,
            Assigned = parts.Book().Items.Values.Select(one => ImageReference.Familiar(one.Image)).ToHashSet(StringComparer.Ordinal),
            Ledger = runners.Images.Entries,
            Moving = runners.Images.Moving,
        };
    }

    private async Task SweepAsync(
        ImmutableArray<SweepCandidate> left, DiskSpace? disk, bool isPressed, ImageSettings settings, CancellationToken cancellationToken)
    {
        // A book that is not known names nothing, and so protects nothing.
        if (!parts.Book().IsKnown || ImageSweep.Next(left, disk, isPressed, settings, Time.GetUtcNow()) is null) return;
        if (await WithoutKeptAsync(left, settings, cancellationToken) is not { } free) return;
        var (removed, before) = (0, disk?.FreeBytes ?? 0);
        while (ImageSweep.Next(free, disk, isPressed, settings, Time.GetUtcNow()) is { } next)
        {
            free = free.RemoveAt(0);
            if (!await _remover.TryRemoveAsync(next, cancellationToken)) continue;
            removed++;
            disk = parts.Measure() ?? disk;
        }

        if (removed == 0) return;
        var freed = Math.Max(0, (disk?.FreeBytes ?? 0) - before);
        _swept = new SweepResult(Time.GetUtcNow(), removed, freed);
        AgentMeter.Swept(removed, freed);
        LogSwept(logger, removed, freed, isPressed);
        Tell(disk, settings);
    }

    // Null: nobody says what is kept.
    private async Task<ImmutableArray<SweepCandidate>?> WithoutKeptAsync(
        ImmutableArray<SweepCandidate> left, ImageSettings settings, CancellationToken cancellationToken)
    {
        var kept = new HashSet<string>(StringComparer.Ordinal);
        foreach (var some in left.SelectMany(one => one.Known).Distinct(StringComparer.Ordinal).Chunk(KeepSource.ImagesMax))
        {
            if (await parts.Keeps.FindAsync([.. some], settings.KeptRevisions, cancellationToken) is not { } answer) return null;
            kept.UnionWith(answer);
        }

        return [.. left.Where(one => !one.Known.Any(kept.Contains))];
    }

    private async Task WriteAsync(CancellationToken cancellationToken)
    {
        try
        {
            await parts.File.WriteAsync(runners.Images, cancellationToken);
            _isFailing = false;
        }
        catch (IOException error)
        {
            if (!_isFailing) LogNotWritten(logger, error.Message);
            _isFailing = true;
        }
    }

    [LoggerMessage(EventIds.AgentAllocations + 60, LogLevel.Information,
        "Removed {Images} images that nothing needs; the disk is {Bytes} bytes freer (it was above its mark: {IsPressed})",
        EventName = "ImagesSwept")]
    private static partial void LogSwept(ILogger logger, int images, long bytes, bool isPressed);

    [LoggerMessage(EventIds.AgentAllocations + 61, LogLevel.Warning,
        "The engine's disk is too full for new replicas: {Free} of {Size} bytes free", EventName = "DiskPressed")]
    private static partial void LogPressed(ILogger logger, long free, long size);

    [LoggerMessage(EventIds.AgentAllocations + 62, LogLevel.Information,
        "The engine's disk has room for new replicas again: {Free} of {Size} bytes free", EventName = "DiskEased")]
    private static partial void LogEased(ILogger logger, long free, long size);

    [LoggerMessage(EventIds.AgentAllocations + 63, LogLevel.Warning, "Images were not looked at to the end ({Kind}): {Problem}",
        EventName = "ImageSweepFailed")]
    private static partial void LogSweepFailed(ILogger logger, DockerErrorKind kind, string problem);

    [LoggerMessage(EventIds.AgentAllocations + 64, LogLevel.Warning, "The settings of images can not be used: {Problem}",
        EventName = "ImageSettingsRefused")]
    private static partial void LogSettingsRefused(ILogger logger, string problem);

    [LoggerMessage(EventIds.AgentAllocations + 65, LogLevel.Warning, "The list of pulled images is damaged: {Problem}",
        EventName = "PulledImagesDamaged")]
    private static partial void LogLedgerDamaged(ILogger logger, string problem);

    [LoggerMessage(EventIds.AgentAllocations + 66, LogLevel.Warning, "The list of pulled images can not be written: {Problem}",
        EventName = "PulledImagesNotWritten")]
    private static partial void LogNotWritten(ILogger logger, string problem);
}

// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Agent.Docker;

namespace ClusterManager.Agent.Inspection.Drift;

/// <summary>
/// Compares a container with the request that the agent would make it with now. Pure. What the request leaves to the image is compared with
/// the image; what it leaves to the engine is not compared, unless somebody must have set it since (a limit, a network, a restart policy).
/// </summary>
internal static class ContainerComparison
{
    /// <summary>The fields that differ; empty: none.</summary>
    /// <param name="wanted">The body of the request.</param>
    /// <param name="found">The container.</param>
    /// <param name="image">Its image; null: not there any more.</param>
    public static IReadOnlyList<FieldFinding> Of(ContainerCreateDto wanted, ContainerMakeDto found, MadeConfigDto? image)
    {
        var fields = new FieldList();
        Process(fields, wanted, found.Config ?? new MadeConfigDto(), image);
        Environment(fields, wanted, found.Config ?? new MadeConfigDto(), image);
        HostComparison.Of(fields, wanted.HostConfig ?? new HostConfigDto(), found.HostConfig ?? new MadeHostDto());
        fields.Set("networks", wanted.HostConfig?.NetworkMode is { } network ? [network] : [], found.NetworkSettings?.Networks?.Keys);
        if (found.State?.Status == "paused") fields.Text("state", "running", "paused");
        return fields.All;
    }

    private static void Process(FieldList fields, ContainerCreateDto wanted, MadeConfigDto found, MadeConfigDto? image)
    {
        fields.Text("image", wanted.Image, found.Image);
        if (wanted.Hostname is not null) fields.Text("hostname", wanted.Hostname, found.Hostname);
        fields.Number("stopTimeout", wanted.StopTimeout, found.StopTimeout);
        if (wanted.Healthcheck is { } check) Health(fields, check, found.Healthcheck);
        // Without the image nobody knows what it gave.
        if (wanted.User is not null || image is not null) fields.Text("user", wanted.User ?? image!.User, found.User);
        if (wanted.WorkingDir is not null || image is not null)
            fields.Text("workingDir", Folder(wanted.WorkingDir ?? image!.WorkingDir), Folder(found.WorkingDir));
        if (wanted.StopSignal is not null || image is not null)
            fields.Text("stopSignal", Signal(wanted.StopSignal ?? image!.StopSignal), Signal(found.StopSignal));
        if (wanted.Entrypoint is not null || image is not null)
            fields.Sequence("entrypoint", Entrypoint(wanted.Entrypoint ?? image!.Entrypoint), Entrypoint(found.Entrypoint));
        // An entrypoint of one's own drops the image's command.
        if (wanted.Cmd is not null || wanted.Entrypoint is not null) fields.Sequence("command", wanted.Cmd, found.Cmd);
        else if (image is not null) fields.Sequence("command", image.Cmd, found.Cmd);
        var labels = With(image?.Labels, wanted.Labels);
        fields.Map("label", labels, found.Labels ?? [], isComplete: image is not null);
    }

    private static void Environment(FieldList fields, ContainerCreateDto wanted, MadeConfigDto found, MadeConfigDto? image) =>
        fields.Map(
            "env", With(Pairs(image?.Env), Pairs(wanted.Env)), Pairs(found.Env), isComplete: image is not null, isHidden: true);

    private static void Health(FieldList fields, HealthcheckDto wanted, HealthcheckDto? found)
    {
        if (wanted.Test is { Length: > 0 }) fields.Sequence("healthcheck.test", wanted.Test, found?.Test);
        // What is left out is the image's.
        if (wanted.Interval is > 0) fields.Number("healthcheck.interval", wanted.Interval, found?.Interval);
        if (wanted.Timeout is > 0) fields.Number("healthcheck.timeout", wanted.Timeout, found?.Timeout);
        if (wanted.StartPeriod is > 0) fields.Number("healthcheck.startPeriod", wanted.StartPeriod, found?.StartPeriod);
        if (wanted.Retries is > 0) fields.Number("healthcheck.retries", wanted.Retries, found?.Retries);
    }

    private static SortedDictionary<string, string> With(
        IEnumerable<KeyValuePair<string, string>>? image, IEnumerable<KeyValuePair<string, string>>? wanted)
    {
        var all = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, value) in (image ?? []).Concat(wanted ?? [])) all[key] = value;
        return all;
    }

    private static SortedDictionary<string, string> Pairs(string[]? lines)
    {
        var all = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var line in lines ?? [])
        {
            var equals = line.IndexOf('=', StringComparison.Ordinal);
            if (equals > 0) all[line[..equals]] = line[(equals + 1)..];
        }

        return all;
    }

    // A list of one empty text takes the image's entrypoint away.
    private static string[] Entrypoint(string[]? words) => words is null or [""] ? [] : words;

    private static string Folder(string? path) => path is null or "/" ? "" : path;

    // Engines before 1.42 write down the signal that is used when none is set.
    private static string Signal(string? name) => name is null or "SIGTERM" ? "" : name;
}

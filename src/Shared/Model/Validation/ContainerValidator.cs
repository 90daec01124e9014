// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;

namespace ClusterManager.Model;

/// <summary>The part of <see cref="SpecValidator"/> that concerns what runs in the container.</summary>
internal static class ContainerValidator
{
    private const int TextLengthMax = 32_768;

    public static void Check(ErrorList errors, ContainerSpec container)
    {
        CheckImage(errors, container.Image);
        CheckWords(errors, "command", container.Command ?? []);
        CheckWords(errors, "entrypoint", container.Entrypoint ?? []);
        CheckEnvironment(errors, container.Environment);
        SpecValidator.CheckLabels(errors, "container_labels", container.Labels);
        foreach (var key in container.Labels.Keys)
        {
            if (key.StartsWith("cluster.", StringComparison.Ordinal))
                errors.Add("container_labels", key, "a key outside 'cluster.', which is the cluster's own");
        }

        CheckText(errors, "user", container.User, 256);
        CheckText(errors, "hostname", container.Hostname, 253);
        CheckAbsolute(errors, "working_dir", container.WorkingDirectory);
        CheckCapabilities(errors, "cap_add", container.CapabilitiesAdded);
        CheckCapabilities(errors, "cap_drop", container.CapabilitiesDropped);
        CheckUlimits(errors, container.Ulimits);
        SpecValidator.CheckLabels(errors, "sysctls", container.Sysctls);
        CheckSignal(errors, container.StopSignal);
        errors.Range("stop_grace_period", container.StopGracePeriod, TimeSpan.Zero, TimeSpan.FromHours(24));
        CheckHosts(errors, container.ExtraHosts);
        CheckMounts(errors, container.Mounts);
    }

    private static void CheckImage(ErrorList errors, string image)
    {
        if (image.Length is 0 or > 512 || image.Any(c => c <= ' ' || c > '~') || image.StartsWith('-') || image.StartsWith('/')
            || image.EndsWith(':'))
            errors.Add("image", image, "an image reference such as name:tag, host:port/name:tag or sha256:ID");
        else if (!image.StartsWith("sha256:", StringComparison.Ordinal) && image.Split('@')[0].Split('/')[^1].Any(char.IsAsciiLetterUpper)
            && !image.Contains(':', StringComparison.Ordinal))
            errors.Add("image", image, "a repository name in lower case");
    }

    private static void CheckWords(ErrorList errors, string field, ImmutableArray<string> words)
    {
        if (words.Length > SpecValidator.ElementsMax) errors.Add(field, words.Length, $"at most {SpecValidator.ElementsMax} words");
        for (var i = 0; i < words.Length; i++) CheckText(errors, $"{field}[{i}]", words[i], TextLengthMax);
    }

    private static void CheckEnvironment(ErrorList errors, ImmutableSortedDictionary<string, string> environment)
    {
        if (environment.Count > SpecValidator.ElementsMax)
            errors.Add("environment", environment.Count, $"at most {SpecValidator.ElementsMax} entries");
        foreach (var (key, value) in environment)
        {
            if (key.Length == 0 || key.Contains('=', StringComparison.Ordinal) || key.Any(char.IsControl))
                errors.Add("environment", key, "a name without '=' and control characters");
            if (key.StartsWith("CLUSTER_", StringComparison.Ordinal))
                errors.Add("environment", key, "a name outside 'CLUSTER_', which the agent sets");
            if (value.Length > 131_072 || value.Contains('\0', StringComparison.Ordinal))
                errors.Add($"environment.{key}", "(not shown)", "at most 128 KiB without NUL");
        }
    }

    private static void CheckCapabilities(ErrorList errors, string field, ImmutableArray<string> capabilities)
    {
        foreach (var capability in capabilities)
        {
            if (capability.Length is 0 or > 64 || !capability.All(c => char.IsAsciiLetterUpper(c) || char.IsAsciiDigit(c) || c == '_'))
                errors.Add(field, capability, "a capability in upper case such as NET_ADMIN, or ALL");
        }
    }

    private static void CheckUlimits(ErrorList errors, ImmutableArray<UlimitSpec> ulimits)
    {
        for (var i = 0; i < ulimits.Length; i++)
        {
            var limit = ulimits[i];
            if (limit.Name.Length is 0 or > 32 || !limit.Name.All(char.IsAsciiLetterLower))
                errors.Add($"ulimits[{i}]", limit.Name, "a name such as nofile");
            if (limit.Soft < -1 || limit.Hard < -1)
                errors.Add($"ulimits.{limit.Name}", $"{limit.Soft}:{limit.Hard}", "-1 (unlimited) or more");
            if (limit.Hard != -1 && (limit.Soft > limit.Hard || limit.Soft == -1))
                errors.Add($"ulimits.{limit.Name}", $"{limit.Soft}:{limit.Hard}", "a soft limit up to the hard one");
        }
    }

    private static void CheckSignal(ErrorList errors, string? signal)
    {
        if (signal is null) return;
        var isNumber = int.TryParse(signal, out var number);
        if (isNumber ? number is < 1 or > 64 : !signal.All(c => char.IsAsciiLetterUpper(c) || char.IsAsciiDigit(c) || c is '+' or '-')
            || signal.Length is < 3 or > 16)
            errors.Add("stop_signal", signal, "a signal such as SIGTERM, or 1 to 64");
    }

    private static void CheckHosts(ErrorList errors, ImmutableArray<HostEntry> hosts)
    {
        foreach (var host in hosts)
        {
            if (host.Hostname.Length is 0 or > 253 || host.Hostname.Any(c => c <= ' ' || c == ':'))
                errors.Add("extra_hosts", host.Hostname, "a host name");
            if (host.Address != "host-gateway" && !SpecValidator.IsIpAddress(host.Address))
                errors.Add("extra_hosts", host.Address, "an IP address or host-gateway");
        }
    }

    private static void CheckMounts(ErrorList errors, ImmutableArray<MountSpec> mounts)
    {
        var targets = new SortedSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < mounts.Length; i++)
        {
            var mount = mounts[i];
            var field = $"mounts[{i}]";
            errors.Defined(field + ".kind", mount.Kind);
            CheckAbsolute(errors, field + ".target", mount.Target);
            if (!targets.Add(mount.Target)) errors.Add(field + ".target", mount.Target, "a path that no other mount has");
            if (mount.Kind == MountKind.Bind) CheckAbsolute(errors, field + ".source", mount.Source ?? "");
            if (mount.Kind == MountKind.Volume && mount.Source is { } name && !IsVolumeName(name))
                errors.Add(field + ".source", name, "a volume name: a letter or digit, then letters, digits, '_', '.' or '-', at most 128");
            if (mount.Kind == MountKind.Tmpfs && mount.Source is not null) errors.Add(field + ".source", mount.Source, "nothing for tmpfs");
            if (mount.Kind != MountKind.Tmpfs && (mount.TmpfsSizeBytes ?? mount.TmpfsMode) is { } given)
                errors.Add(field + ".tmpfs", given, "nothing unless the mount is a tmpfs");
            if (mount.TmpfsSizeBytes is { } size) errors.Range(field + ".tmpfs_size", size, 1, 1L << 50);
            if (mount.TmpfsMode is { } mode) errors.Range(field + ".tmpfs_mode", mode, 0, 0xFFF);
        }
    }

    private static bool IsVolumeName(string name) =>
        name.Length is > 0 and <= 128 && char.IsAsciiLetterOrDigit(name[0])
            && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '.' or '-');

    private static void CheckText(ErrorList errors, string field, string? text, int lengthMax)
    {
        if (text is null) return;
        if (text.Length > lengthMax || text.Contains('\0', StringComparison.Ordinal))
            errors.Add(field, text, $"at most {lengthMax} characters without NUL");
    }

    private static void CheckAbsolute(ErrorList errors, string field, string? path)
    {
        if (path is null) return;
        if (!path.StartsWith('/') || path.Length > 4096 || path.Contains('\0', StringComparison.Ordinal))
            errors.Add(field, path, "an absolute path");
    }
}

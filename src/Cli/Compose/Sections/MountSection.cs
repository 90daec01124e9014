// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Cli.Compose.Yaml;
using ClusterManager.Cli.Text;
using ClusterManager.Model;

namespace ClusterManager.Cli.Compose.Sections;

/// <summary>Mounts, in short and long form.</summary>
internal static class MountSection
{
    private const string NoRelative =
        "a relative path names a folder of this machine, and replicas may run on any node: give an absolute path that the nodes have, "
        + "a named volume, or put the files into the image";

    /// <summary>Reads <c>volumes</c> of a service.</summary>
    public static void Read(ReadContext context, Value value, ServiceDraft draft)
    {
        foreach (var item in context.Items(value))
        {
            var mount = item.Node is YamlMap ? ReadLong(context, item) : ReadShort(context, item);
            if (mount is not null && UseVolume(context, item, mount))
                draft.Container = draft.Container with { Mounts = draft.Container.Mounts.Add(mount) };
        }
    }

    /// <summary>True for a name that a volume can have.</summary>
    public static bool IsVolumeName(string name) =>
        name.Length is > 0 and <= 128 && char.IsAsciiLetterOrDigit(name[0])
            && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '.' or '-');

    /// <summary>Reads the short form <c>[SOURCE:]TARGET[:ro|rw]</c>; null with what is wrong in <paramref name="error"/>.</summary>
    public static MountSpec? Parse(string text, out string? error)
    {
        error = null;
        var parts = text.Split(':');
        var isReadOnly = false;
        if (parts.Length == 3 && (error = Options(parts[2], out isReadOnly)) is not null) return null;
        if (parts.Length > 3) error = "it has more than three parts: [SOURCE:]TARGET[:ro|rw] is understood";
        else if (parts.Length == 1) return Make(MountKind.Volume, null, parts[0], false, out error);
        else if (parts[0].StartsWith('/')) return Make(MountKind.Bind, parts[0], parts[1], isReadOnly, out error);
        else if (IsRelative(parts[0])) error = NoRelative;
        else if (!IsVolumeName(parts[0])) error = $"'{ReadContext.Shown(parts[0])}' is neither an absolute path nor a volume's name";
        else return Make(MountKind.Volume, parts[0], parts[1], isReadOnly, out error);
        return null;
    }

    private static bool IsRelative(string source) => source.StartsWith('.') || source.StartsWith('~')
        || source.Contains('/', StringComparison.Ordinal);

    private static string? Options(string text, out bool isReadOnly)
    {
        isReadOnly = text == "ro";
        return text is "ro" or "rw" ? null : $"the option '{ReadContext.Shown(text)}' is not understood: ro and rw are";
    }

    private static MountSpec? Make(MountKind kind, string? source, string target, bool isReadOnly, out string? error)
    {
        error = target.StartsWith('/') ? null : $"the target '{ReadContext.Shown(target)}' is no absolute path of the container";
        return error is null ? new MountSpec { Kind = kind, Source = source, Target = target, ReadOnly = isReadOnly } : null;
    }

    private static MountSpec? ReadShort(ReadContext context, Value item)
    {
        if (context.FilledText(item) is not { } text) return null;
        var mount = Parse(text, out var error);
        if (error is not null) context.Error(item, error);
        return mount;
    }

    private sealed class LongMount
    {
        public MountKind? Kind { get; set; }

        public Value? Source { get; set; }

        public string? SourceText { get; set; }

        public string? Target { get; set; }

        public bool IsReadOnly { get; set; }

        public Value? Tmpfs { get; set; }

        public long? SizeBytes { get; set; }

        public int? Mode { get; set; }
    }

    private static readonly KeyTable<LongMount> Keys = new()
    {
        { "type", static (c, v, m) => m.Kind = ReadKind(c, v) },
        { "source", static (c, v, m) => (m.Source, m.SourceText) = (v, c.FilledText(v)) },
        { "target", static (c, v, m) => m.Target = ServiceKeys.AbsolutePath(c, v) },
        { "read_only", static (c, v, m) => m.IsReadOnly = c.Bool(v) ?? false },
        { "tmpfs", static (c, v, m) => ReadTmpfs(c, v, m) },
        { "bind", "binds have no options: the path must be there on the node" },
        { "volume", "named volumes have no options" },
        { "image", "images are not mounted" },
        { "consistency", "it concerns a developer's machine" },
    };

    private static readonly KeyTable<LongMount> TmpfsKeys = new()
    {
        { "size", static (c, v, m) => m.SizeBytes = c.Bytes(v, 1) },
        { "mode", static (c, v, m) => m.Mode = ReadMode(c, v) },
    };

    private static void ReadTmpfs(ReadContext context, Value value, LongMount mount)
    {
        mount.Tmpfs = value;
        TmpfsKeys.Read(context, value, mount);
    }

    private static MountSpec? ReadLong(ReadContext context, Value item)
    {
        var mount = new LongMount();
        Keys.Read(context, item, mount);
        var keys = ((YamlMap)item.Node).Entries;
        if (keys.All(e => e.Key != "type")) context.Error(item, "'type' is missing: bind, volume or tmpfs");
        if (keys.All(e => e.Key != "target")) context.Error(item, "'target' is missing");
        if (mount is not { Kind: { } kind, Target: { } target }) return null;
        if (mount.Tmpfs is { } options && kind != MountKind.Tmpfs) context.Error(options, "only a mount of type tmpfs has these");
        CheckSource(context, item, kind, mount);
        return new MountSpec
        {
            Kind = kind, Source = mount.SourceText, Target = target, ReadOnly = mount.IsReadOnly, TmpfsSizeBytes = mount.SizeBytes,
            TmpfsMode = mount.Mode,
        };
    }

    private static void CheckSource(ReadContext context, Value item, MountKind kind, LongMount mount)
    {
        var source = mount.SourceText;
        if (kind == MountKind.Bind && mount.Source is null) context.Error(item, "'source' is missing: the absolute path on the node");
        else if (kind == MountKind.Tmpfs && mount.Source is { } value) context.Error(value, "a tmpfs has no source");
        else if (source is null) return;
        else if (kind == MountKind.Bind && !source.StartsWith('/')) context.Error(mount.Source!.Value, NoRelative);
        else if (kind == MountKind.Volume && !IsVolumeName(source))
            context.Error(mount.Source!.Value, $"'{ReadContext.Shown(source)}' is no volume's name");
    }

    private static bool UseVolume(ReadContext context, Value item, MountSpec mount)
    {
        if (mount is not { Kind: MountKind.Volume, Source: { } name }) return true;
        if (!context.VolumeUse.ContainsKey(name))
        {
            var hint = NearNames.Hint(name, context.VolumeUse.Keys);
            context.Error(item, $"the volume '{name}' is not declared: add it under 'volumes' at the top{hint}");
            return false;
        }

        context.VolumeUse[name] = true;
        return true;
    }

    private static MountKind? ReadKind(ReadContext context, Value value)
    {
        switch (context.Text(value))
        {
            case null: return null;
            case "bind": return MountKind.Bind;
            case "volume": return MountKind.Volume;
            case "tmpfs": return MountKind.Tmpfs;
            case var text:
                context.Error(value, $"'{ReadContext.Shown(text)}' is not understood: bind, volume and tmpfs are");
                return null;
        }
    }

    // YAML 1.1 wrote octal numbers with a leading zero, 1.2 with 0o; a mode is never meant otherwise.
    private static int? ReadMode(ReadContext context, Value value)
    {
        if (context.Text(value) is not { } text) return null;
        var digits = text.StartsWith("0o", StringComparison.Ordinal) ? text[2..] : text;
        if (digits.Length is > 0 and <= 5 && digits.All(c => c is >= '0' and <= '7')) return Convert.ToInt32(digits, 8);
        context.Error(value, $"'{ReadContext.Shown(text)}' is no mode: an octal number like 1777 or 0o755 is");
        return null;
    }
}

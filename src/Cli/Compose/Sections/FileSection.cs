// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Cli.Compose.Values;
using ClusterManager.Cli.Compose.Yaml;
using ClusterManager.Model;

namespace ClusterManager.Cli.Compose.Sections;

/// <summary>The top of a compose file.</summary>
internal static class FileSection
{
    private static readonly KeyTable<FileDraft> Keys = new()
    {
        { "name", static (_, value, draft) => draft.Name = value },
        { "version", static (c, value, _) => c.Text(value) },
        { "services", static (_, value, draft) => draft.ServicesValue = value },
        { "volumes", static (c, value, _) => ReadVolumes(c, value) },
        { "networks",
            "services reach each other by name (NAME.service.consul) and published ports; networks of a cluster's own come later" },
        { "configs", "put the content into the image, an environment variable or a bind mount" },
        { "secrets", "secrets of a cluster's own come later" },
        { "include", "give one file that has everything" },
        { "models", "a model runs as a service like any other" },
    };

    /// <summary>Reads the whole file.</summary>
    public static void Read(ReadContext context, Value root, FileDraft draft)
    {
        if (!Keys.Read(context, root, draft)) return;
        draft.Stack = StackName(context, draft.Name);
        if (draft.ServicesValue is { } services) ReadServices(context, services, draft);
        else context.Error(root, "the file has no 'services'");
        WarnUnusedVolumes(context, root);
    }

    private static string? StackName(ReadContext context, Value? name)
    {
        var given = name is { } value ? context.FilledText(value) : null;
        if (given is not null && !NameText.IsLabel(given))
            context.Error(name!.Value, $"'{ReadContext.Shown(given)}' is no stack's name: {NameText.Allowed}{Suggestion(given)}");
        if (context.Options.Stack is { } stack) return stack;
        if (name is not null) return given;
        var folder = NameText.ToLabel(Path.GetFileName(Path.TrimEndingDirectorySeparator(context.Options.Folder)));
        if (folder is null)
            context.Findings.Error(Position.Start, "name", "the stack has no name: give 'name:' in the file or STACK on the command line");
        return folder;
    }

    private static void ReadServices(ReadContext context, Value services, FileDraft draft)
    {
        if (services.Node is not YamlMap { Entries.Count: > 0 })
        {
            context.Error(services,
                $"a map of services is expected, this is {(services.Node is YamlMap ? "an empty one" : services.Node.Kind)}");
            return;
        }

        foreach (var (key, keyAt, value) in context.Entries(services))
        {
            CheckServiceName(context, key, keyAt, value.Path, draft.Stack);
            var spec = ServiceSection.Read(context, keyAt, value, new ServiceName(draft.Stack ?? ServiceName.DefaultStack, key));
            draft.Services.Add(spec);
        }
    }

    private static void CheckServiceName(ReadContext context, string key, Position at, string path, string? stack)
    {
        if (!NameText.IsLabel(key))
            context.Findings.Error(at, path, $"'{ReadContext.Shown(key)}' is no service's name: {NameText.Allowed}{Suggestion(key)}");
        else if (stack is not null && new ServiceName(stack, key).DiscoveryName is { Length: > NameText.LengthMax } full)
            context.Findings.Error(
                at, path, $"'{full}', its name in DNS, has {full.Length} characters: at most {NameText.LengthMax} are possible");
    }

    private static string Suggestion(string name) => NameText.ToLabel(name) is { } label ? $"; '{label}' would be one" : "";

    private static void ReadVolumes(ReadContext context, Value volumes)
    {
        foreach (var (name, at, definition) in context.Entries(volumes))
        {
            context.VolumeUse.TryAdd(name, false);
            if (!MountSection.IsVolumeName(name))
                context.Findings.Error(at, definition.Path, "no volume's name: letters, digits, '_', '.' and '-', a letter or digit first");
            if (!definition.IsNull) VolumeKeys.Read(context, definition, name);
        }
    }

    private static readonly KeyTable<string> VolumeKeys = new()
    {
        { "driver", "volumes are directories of their home node" },
        { "driver_opts", "volumes are directories of their home node" },
        { "external", "a volume belongs to its stack; a bind mount reaches what others made" },
        { "labels", "volumes carry the cluster's own labels" },
        { "name", "the volume is named by its key and its stack" },
    };

    private static void WarnUnusedVolumes(ReadContext context, Value root)
    {
        foreach (var (name, used) in context.VolumeUse.OrderBy(x => x.Key, StringComparer.Ordinal))
            if (!used)
                context.Findings.Warn(context.Places.GetValueOrDefault("volumes", root.At), $"volumes.{name}",
                    "no service uses this volume: it is not created");
    }
}

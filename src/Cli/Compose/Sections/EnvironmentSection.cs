// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Cli.Compose.Variables;
using ClusterManager.Cli.Compose.Yaml;

namespace ClusterManager.Cli.Compose.Sections;

/// <summary>A service's variables, in the file and in files beside it.</summary>
internal static class EnvironmentSection
{
    private const string ReservedPrefix = "CLUSTER_";

    /// <summary>Reads <c>environment</c>. A variable without a value takes the caller's; when the caller has none either, it is left
    /// out.</summary>
    public static void Read(ReadContext context, Value value, ServiceDraft draft)
    {
        foreach (var (key, text, item) in PairsSection.Read(context, value))
            if (Check(context, item, key)) Put(context, item, draft.Environment, key, text);
    }

    /// <summary>Reads <c>env_file</c>: a path, a list of paths, or of <c>{path, required, format}</c>; a later file wins.</summary>
    public static void ReadFiles(ReadContext context, Value value, ServiceDraft draft)
    {
        foreach (var item in value.Node is YamlList ? context.Items(value) : [value])
        {
            var file = new FileReference();
            if (item.Node is YamlMap)
            {
                FileKeys.Read(context, item, file);
                if (file.Path is null) context.Error(item, "'path' is missing");
            }
            else
            {
                file.Path = context.FilledText(item);
            }

            if (file.Path is not null) ReadFile(context, item, file, draft);
        }
    }

    /// <summary>Null when the name of a variable is possible, else what is wrong.</summary>
    public static string? CheckName(string key)
    {
        if (key.Length == 0) return "a variable needs a name";
        if (key.Any(c => c is '=' or '\0')) return $"'{ReadContext.Shown(key)}' is no variable's name";
        return key.StartsWith(ReservedPrefix, StringComparison.Ordinal)
            ? $"variables that begin with {ReservedPrefix} are set by the cluster" : null;
    }

    private sealed class FileReference
    {
        public string? Path { get; set; }

        public bool IsRequired { get; set; } = true;

        public bool IsRaw { get; set; }
    }

    private static readonly KeyTable<FileReference> FileKeys = new()
    {
        { "path", static (c, v, f) => f.Path = c.FilledText(v) },
        { "required", static (c, v, f) => f.IsRequired = c.Bool(v) ?? true },
        { "format", static (c, v, f) => f.IsRaw = ReadFormat(c, v) },
    };

    private static bool ReadFormat(ReadContext context, Value value)
    {
        if (context.Text(value) is { } text && text != "raw")
            context.Error(value, $"'{ReadContext.Shown(text)}' is not understood: raw is");
        return true;
    }

    private static void ReadFile(ReadContext context, Value item, FileReference file, ServiceDraft draft)
    {
        var text = TextFile.Read(context.Options, Path.Combine(context.Options.Folder, file.Path!), out var problem);
        if (problem is not null) context.Error(item, $"{file.Path}: {problem}");
        else if (text is null && file.IsRequired) context.Error(item, $"there is no file {file.Path}");
        if (text is null) return;
        var pairs = file.IsRaw
            ? EnvFileParser.ParseRaw(text, Report)
            : EnvFileParser.Parse(text, context.Variables.Find, Unset, Report);
        foreach (var (key, pair) in pairs)
            if (Check(context, item, key)) Put(context, item, draft.EnvironmentFiles, key, pair);

        void Report(Position at, string message) => context.Error(item, $"{file.Path}:{at.Line}: {message}");
        void Unset(string name) => context.Findings.Warn(item.At, item.Path,
            $"{file.Path}: the variable {name} is not set: an empty text stands in for it");
    }

    private static void Put(ReadContext context, Value item, Dictionary<string, string> target, string key, string? text)
    {
        if ((text ?? context.Variables.Find(key)) is { } known) target[key] = known;
        else
            context.Findings.Warn(
                item.At, item.Path, $"the variable {key} has no value and is not set here: the container does not get it");
    }

    private static bool Check(ReadContext context, Value item, string key) =>
        CheckName(key) is not { } problem || context.Error(item, problem) is not null;
}

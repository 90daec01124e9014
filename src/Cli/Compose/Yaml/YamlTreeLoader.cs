// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace ClusterManager.Cli.Compose.Yaml;

/// <summary>
/// Reads one YAML document into a tree with positions. Strict: duplicate keys, keys that are no text, unknown tags, endless or exploding
/// aliases and a second document are errors. Built on the event parser, since a deserialiser would lose places and drop keys.
/// </summary>
internal sealed class YamlTreeLoader
{
    private readonly Findings _findings;
    private readonly Parser _parser;
    private readonly Dictionary<string, YamlNode?> _anchors = new(StringComparer.Ordinal);

    private YamlTreeLoader(string text, Findings findings)
    {
        _findings = findings;
        _parser = new Parser(new Scanner(new StringReader(text), skipComments: true));
    }

    /// <summary>Reads the text. Null when it is no YAML at all or empty; errors are then in <paramref name="findings"/>.</summary>
    public static YamlNode? Load(string text, Findings findings)
    {
        try
        {
            return new YamlTreeLoader(text, findings).Document();
        }
        catch (YamlProblemException problem)
        {
            findings.Error(problem.At, "", problem.Message);
        }
        catch (YamlException e)
        {
            findings.Error(At(e.Start), "", $"this is no YAML: {OneLine(e.Message)}");
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException or FormatException or OverflowException
            or IndexOutOfRangeException)
        {
            // The parser answers some malformed texts with exceptions of its inner parts, which know no place.
            findings.Error(Position.Start, "", "this is no YAML: the text cannot be parsed");
        }

        return null;
    }

    private YamlNode? Document()
    {
        _parser.Consume<StreamStart>();
        if (_parser.Accept<StreamEnd>(out _)) throw new YamlProblemException(Position.Start, "the file is empty");
        _parser.Consume<DocumentStart>();
        var root = Node(0, "");
        _parser.Consume<DocumentEnd>();
        if (_parser.Accept<DocumentStart>(out var second))
            throw new YamlProblemException(At(second.Start), "a second document begins here: a compose file is one document");
        return root;
    }

    private YamlNode Node(int depth, string path)
    {
        var at = _parser.Current is { } current ? At(current.Start) : Position.Start;
        if (depth > YamlLimits.Depth) throw new YamlProblemException(at, $"nested deeper than {YamlLimits.Depth} levels");
        if (_parser.TryConsume<AnchorAlias>(out var alias)) return Resolve(alias, at);
        if (_parser.TryConsume<Scalar>(out var scalar)) return Named(scalar, Text(scalar, at, path));
        if (_parser.TryConsume<SequenceStart>(out var sequence)) return Named(sequence, List(sequence, at, depth, path));
        if (_parser.TryConsume<MappingStart>(out var mapping)) return Named(mapping, Map(mapping, at, depth, path));
        throw new YamlProblemException(at, "this is no YAML: a value was expected here");
    }

    private YamlScalar Text(Scalar scalar, Position at, string path)
    {
        var forced = !scalar.Tag.IsEmpty && !scalar.Tag.IsNonSpecific && scalar.Tag.Value is "tag:yaml.org,2002:str";
        if (!forced) CheckTag(scalar.Tag, at, path);
        return new YamlScalar(at, scalar.Value, scalar.Style == ScalarStyle.Plain && !forced);
    }

    private YamlList List(SequenceStart start, Position at, int depth, string path)
    {
        Open(start, path, at);
        var items = new List<YamlNode>();
        var size = 1;
        while (!_parser.TryConsume<SequenceEnd>(out _))
        {
            var item = Node(depth + 1, $"{path}[{items.Count.ToString(CultureInfo.InvariantCulture)}]");
            items.Add(item);
            size = Grown(size, item.Size, item.At);
        }

        return new YamlList(at, size, items);
    }

    private YamlMap Map(MappingStart start, Position at, int depth, string path)
    {
        Open(start, path, at);
        var entries = new List<YamlEntry>();
        var merges = new List<YamlEntry>();
        var size = 1;
        while (!_parser.TryConsume<MappingEnd>(out _))
        {
            var key = Key(depth, path);
            var value = Node(depth + 1, Join(path, key.Text));
            var entry = new YamlEntry(key.Text, key.At, value);
            size = Grown(size, value.Size + 1, value.At);
            if (key is { IsPlain: true, Text: "<<" }) merges.Add(entry);
            else entries.Add(entry);
        }

        if (_findings.HasErrors is false || entries.Count < YamlLimits.Values) CheckUnique(entries, path);
        return merges.Count == 0 ? new YamlMap(at, size, entries) : YamlMerge.Apply(at, path, entries, merges, _findings);
    }

    private YamlScalar Key(int depth, string path)
    {
        var at = _parser.Current is { } current ? At(current.Start) : Position.Start;
        if (Node(depth + 1, path) is not YamlScalar key)
            throw new YamlProblemException(at, "a key must be a text, not a list or a map");
        if (IsNoText(key)) _findings.Error(at, Join(path, key.Text), "a key must be a text: put it into quotes");
        return key with { At = at };
    }

    private static bool IsNoText(YamlScalar key) =>
        key.IsNull || (key.IsPlain && (key.Text is "true" or "false" or "True" or "False" or "TRUE" or "FALSE"
            || double.TryParse(key.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out _)));

    private void CheckUnique(List<YamlEntry> entries, string path)
    {
        var first = new Dictionary<string, Position>(StringComparer.Ordinal);
        foreach (var entry in entries)
            if (!first.TryAdd(entry.Key, entry.At))
                _findings.Error(entry.At, Join(path, entry.Key), $"the key stands twice; first in line {first[entry.Key].Line}");
    }

    // While a list or map is open its anchor leads nowhere yet: an alias to it would make an endless value.
    private void Open(NodeEvent start, string path, Position at)
    {
        CheckTag(start.Tag, at, path);
        if (!start.Anchor.IsEmpty) _anchors[start.Anchor.Value] = null;
    }

    private YamlNode Named(NodeEvent start, YamlNode node)
    {
        if (!start.Anchor.IsEmpty) _anchors[start.Anchor.Value] = node;
        return node;
    }

    private YamlNode Resolve(AnchorAlias alias, Position at)
    {
        if (!_anchors.TryGetValue(alias.Value.Value, out var node))
            throw new YamlProblemException(at, $"the alias *{alias.Value.Value} names no anchor above it");
        return node ?? throw new YamlProblemException(
            at, $"the alias *{alias.Value.Value} stands inside its own anchor: it would never end");
    }

    private void CheckTag(TagName tag, Position at, string path)
    {
        if (tag.IsEmpty || tag.IsNonSpecific) return;
        const string core = "tag:yaml.org,2002:";
        var name = tag.Value.StartsWith(core, StringComparison.Ordinal) ? tag.Value[core.Length..] : null;
        if (name is "str" or "int" or "float" or "bool" or "null" or "map" or "seq") return;
        _findings.Error(at, path, $"the tag {tag.Value} is not understood: no tags but those of plain YAML are");
    }

    private static int Grown(int size, int by, Position at)
    {
        if (size + by > YamlLimits.Values)
            throw new YamlProblemException(
                at, $"the file expands to more than {YamlLimits.Values.ToString(CultureInfo.InvariantCulture)} values");
        return size + by;
    }

    /// <summary>The path of a key below another.</summary>
    public static string Join(string path, string key) => path.Length == 0 ? key : $"{path}.{key}";

    private static Position At(Mark mark) => new((int)Math.Max(1, mark.Line), (int)Math.Max(1, mark.Column));

    private static string OneLine(string text) => text.ReplaceLineEndings(" ").Trim();
}

// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Serilog.Core;
using Serilog.Events;
using Serilog.Formatting;
using Serilog.Parsing;

namespace ClusterManager.Hosting.Logging;

/// <summary>
/// <c>2026-01-31T12:00:00.000Z INF EngineLoop  Committed 3 changes  Term=4 Version=17</c>: time in UTC, level, short source, message,
/// and then
/// the properties that the message does not show. An exception follows, indented, so that one event begins one unindented line.
/// </summary>
internal sealed class OneLineFormatter : ITextFormatter
{
    private const string EventIdProperty = "EventId";

    public void Format(LogEvent logEvent, TextWriter output)
    {
        output.Write(logEvent.Timestamp.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture));
        output.Write(LevelName(logEvent.Level));
        output.Write(ShortSource(logEvent));
        output.Write("  ");
        output.Write(OneLine(Message(logEvent)));
        WriteProperties(logEvent, output);
        output.Write('\n');
        if (logEvent.Exception is { } exception) WriteIndented(exception.ToString(), output);
    }

    // Serilog's own rendering puts every string in quotes; ids and names read better without.
    private static string Message(LogEvent logEvent)
    {
        using var text = new StringWriter(CultureInfo.InvariantCulture);
        foreach (var token in logEvent.MessageTemplate.Tokens)
        {
            if (token is PropertyToken { Format: null } property && logEvent.Properties.TryGetValue(property.PropertyName, out var value))
                text.Write(Text(value));
            else token.Render(logEvent.Properties, text, CultureInfo.InvariantCulture);
        }
        return text.ToString();
    }

    private static void WriteProperties(LogEvent logEvent, TextWriter output)
    {
        var tokens = logEvent.MessageTemplate.Tokens.OfType<PropertyToken>();
        var shown = tokens.Select(t => t.PropertyName).ToHashSet(StringComparer.Ordinal);
        foreach (var (name, value) in logEvent.Properties.OrderBy(p => p.Key, StringComparer.Ordinal))
        {
            if (name is Constants.SourceContextPropertyName or EventIdProperty || shown.Contains(name)) continue;
            output.Write("  ");
            output.Write(name);
            output.Write('=');
            output.Write(OneLine(Text(value)));
        }
    }

    private static string Text(LogEventPropertyValue value) =>
        value is ScalarValue { Value: string text } ? text : value.ToString(null, CultureInfo.InvariantCulture);

    private static string ShortSource(LogEvent logEvent)
    {
        if (!logEvent.Properties.TryGetValue(Constants.SourceContextPropertyName, out var source)) return "-";
        var name = Text(source);
        return name[(name.LastIndexOf('.') + 1)..];
    }

    // What a peer or a container wrote must not be able to forge a line of its own.
    private static string OneLine(string text) => text.ReplaceLineEndings(" ");

    private static void WriteIndented(string text, TextWriter output)
    {
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            output.Write("    ");
            output.Write(line);
            output.Write('\n');
        }
    }

    private static string LevelName(LogEventLevel level) => level switch
    {
        LogEventLevel.Verbose => " TRC ",
        LogEventLevel.Debug => " DBG ",
        LogEventLevel.Information => " INF ",
        LogEventLevel.Warning => " WRN ",
        LogEventLevel.Error => " ERR ",
        _ => " CRT ",
    };
}

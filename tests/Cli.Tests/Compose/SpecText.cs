// SPDX-License-Identifier: Apache-2.0
using System.Collections;
using System.Reflection;
using System.Text;
using ClusterManager.Cli.Compose;

namespace ClusterManager.Cli.Tests.Compose;

/// <summary>Everything a result says, as one text: records compare collections by reference, a text compares them whole.</summary>
internal static class SpecText
{
    public static string Of(ComposeResult result)
    {
        var text = new StringBuilder();
        text.Append(result.Stack).Append('\n');
        foreach (var service in result.Services) Write(text, service);
        // Deleting a line moves what stands below it: the place must not count as a difference.
        foreach (var finding in result.Errors.Concat(result.Warnings)) text.Append(finding.Path).Append(finding.Message).Append('\n');
        return text.ToString();
    }

    private static void Write(StringBuilder text, object? value)
    {
        switch (value)
        {
            case null: text.Append("null;"); break;
            case string or ValueType and not IEnumerable: text.Append(value).Append(';'); break;
            case IEnumerable items:
                text.Append('[');
                foreach (var item in items) Write(text, item);
                text.Append(']');
                break;
            default:
                foreach (var property in value.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance)
                    .Where(p => p.GetIndexParameters().Length == 0))
                {
                    text.Append(property.Name).Append('=');
                    Write(text, property.GetValue(value));
                }

                break;
        }
    }
}

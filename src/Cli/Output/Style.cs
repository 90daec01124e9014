// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Cli.Output;

/// <summary>Colour, decided in one place. It never carries information alone.</summary>
/// <param name="isOn">True when colour codes may be written.</param>
internal sealed class Style(bool isOn)
{
    /// <summary>True when colour codes are written.</summary>
    public bool IsOn => isOn;

    /// <summary>
    /// Decides: <c>--color always|never</c>, then <c>NO_COLOR</c>, then <c>CLICOLOR_FORCE</c>, then whether a person reads it in a
    /// terminal that can.
    /// </summary>
    public static Style Decide(string? flag, CliEnvironment environment, bool isTerminal) => new(flag switch
    {
        "always" => true,
        "never" => false,
        _ when environment.Variable("NO_COLOR") is not null => false,
        _ when environment.Variable("CLICOLOR_FORCE") is { } force && force != "0" => true,
        _ => isTerminal && environment.Variable("TERM") != "dumb",
    });

    /// <summary>Good news.</summary>
    public string Good(string text) => Code("32", text);

    /// <summary>Bad news.</summary>
    public string Bad(string text) => Code("31", text);

    /// <summary>Something under way or to look at.</summary>
    public string Notice(string text) => Code("33", text);

    /// <summary>A heading.</summary>
    public string Strong(string text) => Code("1", text);

    private string Code(string code, string text) => isOn && text.Length > 0 ? $"\u001b[{code}m{text}\u001b[0m" : text;
}

// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Cli.Compose;

/// <summary>One error or warning about a compose file.</summary>
/// <param name="File">The file's name as the user gave it.</param>
/// <param name="At">Where the value or key stands; for a value that came through an alias, where the anchor stands.</param>
/// <param name="Path">The key, for example <c>services.web.ports[0]</c>; empty for the file as a whole.</param>
/// <param name="Message">What is wrong and what is understood.</param>
public sealed record Finding(string File, Position At, string Path, string Message)
{
    /// <summary><c>file:line:column key: message</c>.</summary>
    public override string ToString() =>
        Path.Length == 0 ? $"{File}:{At.Line}:{At.Column}: {Message}" : $"{File}:{At.Line}:{At.Column} {Path}: {Message}";
}

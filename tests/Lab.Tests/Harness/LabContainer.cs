// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Lab.Tests.Harness;

/// <summary>A container as the engine of its host reports it.</summary>
/// <param name="Host">h1 and so on.</param>
/// <param name="Id">Its full id.</param>
/// <param name="Pid">Of its first process, on this machine; 0 when it does not run.</param>
/// <param name="IsRunning">True while it runs.</param>
/// <param name="Image">The image's id.</param>
/// <param name="StartedAt">RFC 3339; another one after each start.</param>
public sealed record LabContainer(string Host, string Id, int Pid, bool IsRunning, string Image, string StartedAt)
{
    /// <summary>The template for <c>docker inspect</c> that <see cref="Parse"/> reads.</summary>
    public const string Format = "{{.Id}} {{.State.Pid}} {{.State.Running}} {{.Image}} {{.State.StartedAt}}";

    /// <summary>Reads one line of <c>docker inspect --format</c>.</summary>
    public static LabContainer Parse(string host, string line)
    {
        var words = line.Split(' ');
        return new LabContainer(host, words[0], int.Parse(words[1]), words[2] == "true", words[3], words[4]);
    }
}

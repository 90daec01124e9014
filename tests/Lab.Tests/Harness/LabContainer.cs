// SPDX-License-Identifier: Apache-2.0
using System.Text.Json;

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
    /// <summary>Reads what <c>GET /containers/ID/json</c> answers.</summary>
    public static LabContainer Of(string host, JsonElement answer)
    {
        var state = answer.GetProperty("State");
        return new LabContainer(
            host, answer.GetProperty(nameof(Id)).GetString()!, state.GetProperty(nameof(Pid)).GetInt32(),
            state.GetProperty("Running").GetBoolean(), answer.GetProperty(nameof(Image)).GetString()!,
            state.GetProperty(nameof(StartedAt)).GetString()!);
    }
}

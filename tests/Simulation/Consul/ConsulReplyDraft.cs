// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace ClusterManager.Simulation.Consul;

/// <summary>An answer before it is sent.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Body">JSON or words.</param>
/// <param name="Index">What a blocking query goes on from; 0: none.</param>
internal sealed record ConsulReplyDraft(int Status, byte[] Body, ulong Index = 0)
{
    /// <summary>A value.</summary>
    public static ConsulReplyDraft Of<T>(T value, JsonTypeInfo<T> type, ulong index = 0, int status = 200) =>
        new(status, JsonSerializer.SerializeToUtf8Bytes(value, type), index);

    /// <summary>It failed, in Consul's words.</summary>
    public static ConsulReplyDraft Failed(int status, string words) => new(status, Encoding.UTF8.GetBytes(words));

    /// <summary>Done; there is nothing to say.</summary>
    public static ConsulReplyDraft Done { get; } = new(200, []);

    /// <summary>The answer of a server.</summary>
    /// <param name="isLeaderKnown">The server knows who leads the quorum.</param>
    public HttpResponseMessage ToMessage(bool isLeaderKnown)
    {
        var message = new HttpResponseMessage((HttpStatusCode)Status) { Content = new ByteArrayContent(Body) };
        if (Index > 0) message.Headers.TryAddWithoutValidation("X-Consul-Index", Index.ToString(CultureInfo.InvariantCulture));
        message.Headers.TryAddWithoutValidation("X-Consul-Knownleader", isLeaderKnown ? "true" : "false");
        return message;
    }
}

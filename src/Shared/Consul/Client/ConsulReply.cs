// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace ClusterManager.Consul;

/// <summary>One answer, read whole. Holds the token it was asked with only to keep it out of error texts.</summary>
internal sealed class ConsulReply(ConsulRequest call, int status, HttpResponseHeaders headers, byte[] body, string? token)
{
    private const int ErrorCharsMax = 300;

    public int Status => status;

    public bool IsSuccess => status is >= 200 and < 300;

    public bool IsNotFound => status == 404;

    /// <summary>The index a next blocking query continues from; 0 when the answer has none.</summary>
    public ulong Index =>
        ulong.TryParse(Header("X-Consul-Index"), NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : 0;

    /// <summary>The answer's text for people: one line, bounded, without the token.</summary>
    public string ErrorText
    {
        get
        {
            var text = Encoding.UTF8.GetString(body, 0, Math.Min(body.Length, ErrorCharsMax * 4)).Trim().ReplaceLineEndings(" ");
            if (!string.IsNullOrEmpty(token))
                text = text.Replace(token, "[token]", StringComparison.Ordinal);
            return text.Length > ErrorCharsMax ? text[..ErrorCharsMax] : text;
        }
    }

    public T Read<T>(JsonTypeInfo<T> type)
    {
        try
        {
            return JsonSerializer.Deserialize(body, type) ?? throw Unreadable("the answer is null");
        }
        catch (JsonException error)
        {
            throw Unreadable($"the answer is not what was expected (at {error.Path ?? "$"})");
        }
    }

    public ConsulAnswer<T> ToAnswer<T>(T value) => new(value, Index, KnownLeader: Header("X-Consul-Knownleader") != "false");

    public ConsulException ToException() => ConsulErrors.FromStatus(call.Operation, status, ErrorText);

    private ConsulException Unreadable(string text) => new(ConsulErrorKind.Protocol, call.Operation, status, text);

    private string? Header(string name) => headers.TryGetValues(name, out var values) ? values.FirstOrDefault() : null;
}

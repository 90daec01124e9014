// SPDX-License-Identifier: Apache-2.0
using System.Security.Cryptography;
using System.Text;
using ClusterManager.Shared.Tests.Consul;
using ClusterManager.Shared.Tests.Grpc.Fixtures;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace ClusterManager.Shared.Tests.Registry.Real;

/// <summary>A token service as registries know it: who shows the password of <see cref="TestUser"/> may do what is asked for.</summary>
internal sealed class TokenService : IAsyncDisposable
{
    public const string Service = "test-registry";
    public const string Issuer = "test-issuer";
    private readonly TestCertificates _certificates = TestCertificates.Create("token root");
    private readonly ECDsa _key;
    private readonly string _certificate;
    private GrpcServer? _server;
    private int _issued;

    private TokenService()
    {
        var (certificateFile, keyFile) = _certificates.CreateServer("token");
        var pem = File.ReadAllText(certificateFile);
        _certificate = pem.Replace("-----BEGIN CERTIFICATE-----", "", StringComparison.Ordinal)
            .Replace("-----END CERTIFICATE-----", "", StringComparison.Ordinal).ReplaceLineEndings("");
        _key = ECDsa.Create();
        _key.ImportFromPem(File.ReadAllText(keyFile));
    }

    /// <summary>How many tokens were given out over HTTP.</summary>
    public int IssuedCount => Volatile.Read(ref _issued);

    public string RootsFile => _certificates.CaFile;

    /// <summary>What a registry's configuration says to believe it.</summary>
    public string RegistrySection =>
        $"auth: {{token: {{realm: \"{Realm}\", service: {Service}, issuer: {Issuer}, rootcertbundle: {RootsFile}}}}}";

    public Uri Realm => new(_server!.Address, "token");

    public static async Task<TokenService> StartAsync()
    {
        var service = new TokenService();
        service._server = await GrpcServer.StartAsync(
            app => app.Run(service.AnswerAsync), listen => listen.Protocols = HttpProtocols.Http1);
        return service;
    }

    /// <summary>A signed token for a repository.</summary>
    public string Issue(string repository, params string[] actions)
    {
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        var header = $$"""{"typ":"JWT","alg":"ES256","x5c":["{{_certificate}}"]}""";
        var claims = $$$"""
            {"iss":"{{{Issuer}}}","sub":"{{{TestUser.Name}}}","aud":"{{{Service}}}","exp":{{{now + 300}}},
             "nbf":{{{now - 10}}},"iat":{{{now}}},
             "jti":"{{{Guid.NewGuid()}}}","access":[{"type":"repository","name":"{{{repository}}}",
             "actions":[{{{string.Join(',', actions.Select(action => $"\"{action}\""))}}}]}]}
            """;
        var text = $"{Encoded(Encoding.UTF8.GetBytes(header))}.{Encoded(Encoding.UTF8.GetBytes(claims))}";
        return $"{text}.{Encoded(_key.SignData(Encoding.ASCII.GetBytes(text), HashAlgorithmName.SHA256))}";
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null) await _server.DisposeAsync();
        _key.Dispose();
        _certificates.Dispose();
    }

    private Task AnswerAsync(HttpContext context)
    {
        var expected = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{TestUser.Name}:{TestUser.Password}"));
        if (context.Request.Headers.Authorization != $"Basic {expected}")
        {
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            return context.Response.WriteAsync("""{"errors":[{"code":"UNAUTHORIZED","message":"who are you"}]}""");
        }

        Interlocked.Increment(ref _issued);
        var scope = context.Request.Query["scope"].ToString().Split(':');
        var token = Issue(scope[1], scope[2].Split(','));
        return context.Response.WriteAsync($$"""{"token":"{{token}}","expires_in":300,"issued_at":"2026-01-01T00:00:00Z"}""");
    }

    private static string Encoded(byte[] bytes) => Convert.ToBase64String(bytes).TrimEnd('=').Replace('+', '-').Replace('/', '_');
}

package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"flag"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"strings"
	"time"
)

type authority struct {
	certificate *x509.Certificate
	key         *ecdsa.PrivateKey
}

// certs writes every key and certificate of a cluster to a folder: two authorities (ca, front-proxy-ca), the serving
// certificates, one client certificate a component, and the key that signs service account tokens.
func certs(args []string) error {
	flags := flag.NewFlagSet("certs", flag.ContinueOnError)
	dir := flags.String("dir", "", "where to write")
	node := flags.String("node", "", "the node's name")
	names := flags.String("names", "", "host names and addresses of the API server, separated by commas")
	address := flags.String("address", "", "the node's address")
	if err := flags.Parse(args); err != nil {
		return err
	}
	ca, err := newAuthority(*dir, "ca")
	if err != nil {
		return err
	}
	proxy, err := newAuthority(*dir, "front-proxy-ca")
	if err != nil {
		return err
	}
	for _, leaf := range []struct {
		by     *authority
		file   string
		name   string
		groups []string
		hosts  string
	}{
		{ca, "apiserver", "kube-apiserver", nil, *names},
		{ca, "kubelet-serving", "system:node:" + *node, []string{"system:nodes"}, *node + "," + *address},
		{ca, "admin", "ebb-admin", []string{"system:masters"}, ""},
		{ca, "apiserver-kubelet-client", "kube-apiserver-kubelet-client", []string{"system:masters"}, ""},
		{ca, "controller-manager", "system:kube-controller-manager", nil, ""},
		{ca, "scheduler", "system:kube-scheduler", nil, ""},
		{ca, "proxy", "system:kube-proxy", nil, ""},
		{ca, "kubelet", "system:node:" + *node, []string{"system:nodes"}, ""},
		{ca, "metrics", "ebb-metrics", nil, "ebb-metrics.kube-system.svc"},
		{proxy, "front-proxy-client", "front-proxy-client", nil, ""},
	} {
		if err := leaf.by.issue(*dir, leaf.file, leaf.name, leaf.groups, leaf.hosts); err != nil {
			return err
		}
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return err
	}
	return writeKey(*dir, "service-accounts", key)
}

func newAuthority(dir, name string) (*authority, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	template := validity(name, nil)
	template.IsCA = true
	template.BasicConstraintsValid = true
	template.KeyUsage = x509.KeyUsageCertSign | x509.KeyUsageDigitalSignature
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		return nil, err
	}
	if err := writePem(dir, name+".crt", "CERTIFICATE", der, 0o644); err != nil {
		return nil, err
	}
	certificate, err := x509.ParseCertificate(der)
	if err != nil {
		return nil, err
	}
	return &authority{certificate, key}, writeKey(dir, name, key)
}

func (a *authority) issue(dir, file, name string, groups []string, hosts string) error {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return err
	}
	template := validity(name, groups)
	template.KeyUsage = x509.KeyUsageDigitalSignature
	template.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}
	if hosts != "" {
		template.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}
		for host := range strings.SplitSeq(hosts, ",") {
			if ip := net.ParseIP(host); ip != nil {
				template.IPAddresses = append(template.IPAddresses, ip)
			} else {
				template.DNSNames = append(template.DNSNames, host)
			}
		}
	}
	der, err := x509.CreateCertificate(rand.Reader, template, a.certificate, key.Public(), a.key)
	if err != nil {
		return err
	}
	if err := writePem(dir, file+".crt", "CERTIFICATE", der, 0o644); err != nil {
		return err
	}
	return writeKey(dir, file, key)
}

func validity(name string, groups []string) *x509.Certificate {
	serial, _ := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 120))
	return &x509.Certificate{
		SerialNumber: serial,
		Subject:      pkix.Name{CommonName: name, Organization: groups},
		NotBefore:    time.Now().Add(-time.Hour),
		NotAfter:     time.Now().AddDate(10, 0, 0),
	}
}

func writeKey(dir, name string, key *ecdsa.PrivateKey) error {
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return err
	}
	if err := writePem(dir, name+".key", "PRIVATE KEY", der, 0o600); err != nil {
		return err
	}
	public, err := x509.MarshalPKIXPublicKey(key.Public())
	if err != nil {
		return err
	}
	return writePem(dir, name+".pub", "PUBLIC KEY", public, 0o644)
}

func writePem(dir, name, kind string, der []byte, mode os.FileMode) error {
	return os.WriteFile(filepath.Join(dir, name), pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}), mode)
}
